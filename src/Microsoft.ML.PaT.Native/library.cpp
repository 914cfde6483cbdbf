// The library itself: its last error, and which libtorch it was built against and works with.
#include <ATen/Version.h>
#include <torch/version.h>
#include <algorithm>
#include <string>
#include "guard.h"

namespace {

thread_local std::string last_error;

}  // namespace

void pat::remember_error(const char* what) noexcept {
  try {
    last_error.assign(what);
    last_error.resize(std::min(last_error.size(), last_error.find('\n')));
  } catch (...) {
    last_error.clear();
  }
}

const char* pat_last_error() { return last_error.c_str(); }

const char* pat_built_against() { return TORCH_VERSION; }

const char* pat_configuration() {
  static const std::string configuration = [] {
    std::string text;
    pat::guarded([&] { text = at::show_config(); });
    return text;
  }();
  return configuration.c_str();
}
