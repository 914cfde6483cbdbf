// Random number generators. Each is locked while it is read or written: libtorch shares the default ones between threads.
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/core/Generator.h>
#include <mutex>
#include "guard.h"

namespace {

at::Generator& generator(void* handle) { return *static_cast<at::Generator*>(handle); }
const at::Generator& generator(const void* handle) { return *static_cast<const at::Generator*>(handle); }

c10::Device device(int32_t type, int32_t index) { return c10::Device(static_cast<c10::DeviceType>(type), static_cast<int8_t>(index)); }

}  // namespace

int32_t sts_generator_new(int32_t device_type, int32_t device_index, void** handle) {
  return sts::guarded([&] {
    const auto where = device(device_type, device_index);
    if (where.is_cpu())
      *handle = new at::Generator(at::detail::createCPUGenerator());
    else  // a clone of the device's own: the factory functions of each device live in its own library
      *handle = new at::Generator(at::globalContext().defaultGenerator(where).clone());
  });
}

int32_t sts_generator_default(int32_t device_type, int32_t device_index, void** handle) {
  return sts::guarded([&] { *handle = new at::Generator(at::globalContext().defaultGenerator(device(device_type, device_index))); });
}

int32_t sts_generator_release(void* handle) {
  return sts::guarded([&] { delete static_cast<at::Generator*>(handle); });
}

int32_t sts_generator_set_seed(void* handle, int64_t seed) {
  return sts::guarded([&] {
    auto& g = generator(handle);
    std::lock_guard<std::mutex> lock(g.mutex());
    g.set_current_seed(static_cast<uint64_t>(seed));
  });
}

int32_t sts_generator_initial_seed(const void* handle, int64_t* seed) {
  return sts::guarded([&] { *seed = static_cast<int64_t>(generator(handle).current_seed()); });
}

int32_t sts_generator_random_seed(void* handle, int64_t* seed) {
  return sts::guarded([&] {
    auto& g = generator(handle);
    std::lock_guard<std::mutex> lock(g.mutex());
    *seed = static_cast<int64_t>(g.seed());
  });
}

int32_t sts_generator_get_state(const void* handle, void** state) {
  return sts::guarded([&] {
    auto g = generator(handle);
    std::lock_guard<std::mutex> lock(g.mutex());
    *state = sts::to_handle(g.get_state());
  });
}

int32_t sts_generator_set_state(void* handle, const void* state) {
  return sts::guarded([&] {
    auto& g = generator(handle);
    std::lock_guard<std::mutex> lock(g.mutex());
    g.set_state(sts::tensor(state));
  });
}
