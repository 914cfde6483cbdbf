// Mixed precision: which operators compute in a narrower type on this thread, and whether cuDNN tries its algorithms before it chooses one.
#include <ATen/Context.h>
#include <ATen/autocast_mode.h>
#include <torch/version.h>
#include "guard.h"

namespace {

at::ScalarType type_of(int32_t precision) {
  switch (precision) {
    case PAT_BFLOAT16: return at::kBFloat16;
    case PAT_FLOAT16: return at::kHalf;
    default: TORCH_CHECK(false, "there is no precision ", precision);
  }
}

void set(bool cuda, bool enabled, at::ScalarType type) {
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
  const auto device = cuda ? at::kCUDA : at::kCPU;
  if (enabled) at::autocast::set_autocast_dtype(device, type);
  at::autocast::set_autocast_enabled(device, enabled);
#else
  if (cuda) {
    if (enabled) at::autocast::set_autocast_gpu_dtype(type);
    at::autocast::set_enabled(enabled);
  } else {
    if (enabled) at::autocast::set_autocast_cpu_dtype(type);
    at::autocast::set_cpu_enabled(enabled);
  }
#endif
}

}  // namespace

int32_t pat_autocast_begin(int32_t cuda, int32_t precision) {
  return pat::guarded([&] {
    set(cuda != 0, true, type_of(precision));
    at::autocast::increment_nesting();
  });
}

int32_t pat_autocast_end(int32_t cuda) {
  return pat::guarded([&] {
    // Weights are cast once within a block and remembered; after a step they are others.
    if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
    set(cuda != 0, false, at::kFloat);
  });
}

int32_t pat_cudnn_benchmark(int32_t enabled) {
  return pat::guarded([&] { at::globalContext().setBenchmarkCuDNN(enabled != 0); });
}
