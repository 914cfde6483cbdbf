// The whole C surface of the library: the managed half imports exactly these functions (a test compares both).
// Status codes: 0 is success; otherwise sts_last_error() holds the first line of what libtorch said, on this thread.
// A tensor handle is a heap-allocated at::Tensor*, released once by sts_tensor_release; generators likewise.
#pragma once
#include <cstdint>

#define STS_EXPORT extern "C" __attribute__((visibility("default")))

// One argument or result of an operator. `length` counts the elements `pointer` refers to.
enum sts_tag : int32_t {
  STS_NONE = 0,
  STS_TENSOR = 1,
  STS_INT = 2,
  STS_DOUBLE = 3,
  STS_BOOL = 4,
  STS_INTS = 5,
  STS_TENSORS = 6,
  STS_OPTIONAL_TENSORS = 7,
  STS_DEVICE = 8,  // type << 16 | (index & 0xffff)
  STS_STRING = 9,
  STS_GENERATOR = 10,
  STS_DOUBLES = 11,
  STS_COMPLEX = 12,  // two doubles
};

struct sts_value {
  int32_t tag;
  int32_t length;
  union {
    int64_t integer;
    double real;
    const void* pointer;
  };
};

struct sts_info {
  int64_t dimensions;
  int64_t elements;
  int64_t storage_offset;
  int32_t dtype;
  int32_t device_type;
  int32_t device_index;
  int32_t element_size;
  int32_t requires_grad;
  int32_t is_leaf;
  int32_t is_contiguous;
};

using sts_deleter = void (*)(void*);

STS_EXPORT const char* sts_last_error();
STS_EXPORT const char* sts_built_against();
STS_EXPORT const char* sts_configuration();

// Operators, by name: found once, called boxed through the dispatcher.
STS_EXPORT int32_t sts_find(const char* name, const char* overload, const void** op);
STS_EXPORT int32_t sts_call(const void* op, const sts_value* arguments, int32_t count, sts_value* results, int32_t capacity, int32_t* returned);
STS_EXPORT int32_t sts_list_release(const void* handles);

// Tensors: what is not an operator.
STS_EXPORT int32_t sts_tensor_release(void* tensor);
STS_EXPORT int32_t sts_tensor_live(int64_t* count);
STS_EXPORT int32_t sts_tensor_info(const void* tensor, sts_info* info);
STS_EXPORT int32_t sts_tensor_sizes(const void* tensor, int64_t* sizes, int64_t capacity);
STS_EXPORT int32_t sts_tensor_strides(const void* tensor, int64_t* strides, int64_t capacity);
STS_EXPORT int32_t sts_tensor_data(const void* tensor, void** data);
STS_EXPORT int32_t sts_tensor_item(const void* tensor, sts_value* value);
STS_EXPORT int32_t sts_tensor_alias(const void* tensor, void** alias);
STS_EXPORT int32_t sts_tensor_from_blob(void* data, const int64_t* sizes, int32_t dimensions, int32_t dtype, sts_deleter deleter, void* context, void** tensor);
STS_EXPORT int32_t sts_tensor_new(const void* data, int64_t bytes, const int64_t* sizes, int32_t dimensions, int32_t dtype, void** tensor);

// Autograd.
STS_EXPORT int32_t sts_set_requires_grad(void* tensor, int32_t value);
STS_EXPORT int32_t sts_retain_grad(void* tensor);
STS_EXPORT int32_t sts_get_grad(const void* tensor, void** grad);
STS_EXPORT int32_t sts_set_grad(void* tensor, const void* grad);
STS_EXPORT int32_t sts_backward(void* const* tensors, int32_t count, void* const* gradients, int32_t gradient_count, int32_t retain_graph, int32_t create_graph, void* const* inputs, int32_t input_count);
STS_EXPORT int32_t sts_grad(void* const* outputs, int32_t count, void* const* inputs, int32_t input_count, void* const* gradients, int32_t gradient_count, int32_t retain_graph, int32_t create_graph, int32_t allow_unused, void** results);
STS_EXPORT int32_t sts_grad_mode_get(int32_t* enabled);
STS_EXPORT int32_t sts_grad_mode_set(int32_t enabled);
STS_EXPORT int32_t sts_inference_mode_get(int32_t* enabled);
STS_EXPORT int32_t sts_inference_mode_enter(int32_t enabled, void** guard);
STS_EXPORT int32_t sts_inference_mode_leave(void* guard);

// Random numbers.
STS_EXPORT int32_t sts_generator_new(int32_t device_type, int32_t device_index, void** generator);
STS_EXPORT int32_t sts_generator_default(int32_t device_type, int32_t device_index, void** generator);
STS_EXPORT int32_t sts_generator_release(void* generator);
STS_EXPORT int32_t sts_generator_set_seed(void* generator, int64_t seed);
STS_EXPORT int32_t sts_generator_initial_seed(const void* generator, int64_t* seed);
STS_EXPORT int32_t sts_generator_random_seed(void* generator, int64_t* seed);
STS_EXPORT int32_t sts_generator_get_state(const void* generator, void** state);
STS_EXPORT int32_t sts_generator_set_state(void* generator, const void* state);

// The process: threads, devices, switches.
STS_EXPORT int32_t sts_get_threads(int32_t interop, int32_t* threads);
STS_EXPORT int32_t sts_set_threads(int32_t interop, int32_t threads);
STS_EXPORT int32_t sts_cuda_count(int32_t* count);
STS_EXPORT int32_t sts_has_cudnn(int32_t* available);
STS_EXPORT int32_t sts_cuda_synchronize(int32_t index);
STS_EXPORT int32_t sts_manual_seed(int64_t seed);
STS_EXPORT int32_t sts_switch_get(int32_t which, int32_t* value);
STS_EXPORT int32_t sts_switch_set(int32_t which, int32_t value);
