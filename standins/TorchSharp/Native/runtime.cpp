// The process: what it was built against, threads, devices, and libtorch's global switches.
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <torch/version.h>
#include "guard.h"

namespace {

thread_local std::string last_error;

enum which : int32_t { matmul_tf32 = 0, cudnn_tf32 = 1 };

}  // namespace

void sts::remember_error(const char* what) noexcept {
  try {
    last_error.assign(what);
    last_error.resize(std::min(last_error.size(), last_error.find('\n')));
  } catch (...) {
    last_error.clear();
  }
}

const char* sts_last_error() { return last_error.c_str(); }

const char* sts_built_against() { return TORCH_VERSION; }

const char* sts_configuration() {
  static const std::string configuration = [] {
    std::string text;
    sts::guarded([&] { text = at::show_config(); });
    return text;
  }();
  return configuration.c_str();
}

int32_t sts_get_threads(int32_t interop, int32_t* threads) {
  return sts::guarded([&] { *threads = interop ? at::get_num_interop_threads() : at::get_num_threads(); });
}

int32_t sts_set_threads(int32_t interop, int32_t threads) {
  return sts::guarded([&] { interop ? at::set_num_interop_threads(threads) : at::set_num_threads(threads); });
}

int32_t sts_cuda_count(int32_t* count) {
  return sts::guarded([&] {
    *count = at::hasCUDA() ? static_cast<int32_t>(c10::impl::VirtualGuardImpl(c10::DeviceType::CUDA).deviceCount()) : 0;
  });
}

int32_t sts_has_cudnn(int32_t* available) {
  return sts::guarded([&] { *available = at::globalContext().hasCuDNN(); });
}

int32_t sts_cuda_synchronize(int32_t index) {
  return sts::guarded([&] {
    TORCH_CHECK(at::hasCUDA(), "this libtorch was built without CUDA");
    const c10::impl::VirtualGuardImpl guard(c10::DeviceType::CUDA);
    const auto where = index < 0 ? guard.getDevice() : c10::Device(c10::DeviceType::CUDA, static_cast<int8_t>(index));
    // Streams of a device are waited for one by one in libtorch 1.13's generic interface; the current one is what we issue on.
    guard.getStream(where).synchronize();
  });
}

int32_t sts_manual_seed(int64_t seed) {
  return sts::guarded([&] { at::manual_seed(static_cast<uint64_t>(seed)); });
}

int32_t sts_switch_get(int32_t which, int32_t* value) {
  return sts::guarded([&] {
    auto& context = at::globalContext();
    switch (which) {
      case matmul_tf32: *value = context.allowTF32CuBLAS(); break;
      case cudnn_tf32: *value = context.allowTF32CuDNN(); break;
      default: TORCH_CHECK(false, "unknown switch ", which);
    }
  });
}

int32_t sts_switch_set(int32_t which, int32_t value) {
  return sts::guarded([&] {
    auto& context = at::globalContext();
    const bool on = value != 0;
    switch (which) {
      case matmul_tf32: context.setAllowTF32CuBLAS(on); break;
      case cudnn_tf32: context.setAllowTF32CuDNN(on); break;
      default: TORCH_CHECK(false, "unknown switch ", which);
    }
  });
}
