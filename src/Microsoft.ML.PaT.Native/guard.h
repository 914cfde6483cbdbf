// What every export goes through: no C++ exception leaves this library.
#pragma once
#include <ATen/core/Tensor.h>
#include <c10/util/Exception.h>
#include <exception>
#include "api.h"

namespace pat {

void remember_error(const char* what) noexcept;

template <class Body>
int32_t guarded(Body&& body) noexcept {
  try {
    body();
    return 0;
  } catch (const c10::Error& e) {
    remember_error(e.what_without_backtrace());
  } catch (const std::exception& e) {
    remember_error(e.what());
  } catch (...) {
    remember_error("libtorch threw something that is not an exception");
  }
  return 1;
}

inline const at::Tensor& tensor(const void* handle) { return *static_cast<const at::Tensor*>(handle); }
inline at::Tensor& tensor(void* handle) { return *static_cast<at::Tensor*>(handle); }

}  // namespace pat
