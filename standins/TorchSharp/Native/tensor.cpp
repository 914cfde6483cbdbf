// Tensors: handles, what can be asked of one, and making one from memory.
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/_local_scalar_dense.h>
#include <atomic>
#include <cstring>
#include "guard.h"

namespace {
std::atomic<int64_t> live{0};
}

namespace sts {

void* to_handle(at::Tensor t) {
  auto* handle = new at::Tensor(std::move(t));
  live.fetch_add(1, std::memory_order_relaxed);
  return handle;
}

void* to_handle_or_null(at::Tensor t) { return t.defined() ? to_handle(std::move(t)) : nullptr; }

}  // namespace sts

int32_t sts_tensor_release(void* handle) {
  return sts::guarded([&] {
    if (!handle) return;
    delete static_cast<at::Tensor*>(handle);
    live.fetch_sub(1, std::memory_order_relaxed);
  });
}

int32_t sts_tensor_live(int64_t* count) {
  return sts::guarded([&] { *count = live.load(std::memory_order_relaxed); });
}

int32_t sts_tensor_info(const void* handle, sts_info* info) {
  return sts::guarded([&] {
    const auto& t = sts::tensor(handle);
    const auto device = t.device();
    info->dimensions = t.dim();
    info->elements = t.numel();
    info->storage_offset = t.storage_offset();
    info->dtype = static_cast<int32_t>(t.scalar_type());
    info->device_type = static_cast<int32_t>(device.type());
    info->device_index = device.index();
    info->element_size = static_cast<int32_t>(t.element_size());
    info->requires_grad = t.requires_grad();
    info->is_leaf = t.is_leaf();
    info->is_contiguous = t.is_contiguous();
  });
}

int32_t sts_tensor_sizes(const void* handle, int64_t* sizes, int64_t capacity) {
  return sts::guarded([&] {
    const auto from = sts::tensor(handle).sizes();
    TORCH_CHECK(static_cast<int64_t>(from.size()) <= capacity, "the tensor has ", from.size(), " dimensions, room was given for ", capacity);
    std::copy(from.begin(), from.end(), sizes);
  });
}

int32_t sts_tensor_strides(const void* handle, int64_t* strides, int64_t capacity) {
  return sts::guarded([&] {
    const auto from = sts::tensor(handle).strides();
    TORCH_CHECK(static_cast<int64_t>(from.size()) <= capacity, "the tensor has ", from.size(), " dimensions, room was given for ", capacity);
    std::copy(from.begin(), from.end(), strides);
  });
}

int32_t sts_tensor_data(const void* handle, void** data) {
  return sts::guarded([&] { *data = sts::tensor(handle).data_ptr(); });
}

int32_t sts_tensor_item(const void* handle, sts_value* value) {
  return sts::guarded([&] {
    const auto& t = sts::tensor(handle);
    TORCH_CHECK(t.numel() == 1, "item() wants a tensor of one element, this one has ", t.numel());
    const auto scalar = at::_local_scalar_dense(t);
    if (scalar.isBoolean()) {
      value->tag = STS_BOOL;
      value->integer = scalar.toBool();
    } else if (scalar.isFloatingPoint()) {
      value->tag = STS_DOUBLE;
      value->real = scalar.toDouble();
    } else {
      value->tag = STS_INT;
      value->integer = scalar.toLong();
    }
  });
}

int32_t sts_tensor_alias(const void* handle, void** alias) {
  return sts::guarded([&] { *alias = sts::to_handle(sts::tensor(handle)); });
}

int32_t sts_tensor_from_blob(void* data, const int64_t* sizes, int32_t dimensions, int32_t dtype, sts_deleter deleter, void* context, void** result) {
  return sts::guarded([&] {
    auto release = [deleter, context](void*) {
      if (deleter) deleter(context);
    };
    *result = sts::to_handle(at::from_blob(
        data, at::IntArrayRef(sizes, static_cast<size_t>(dimensions)), release, at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype))));
  });
}

int32_t sts_tensor_new(const void* data, int64_t bytes, const int64_t* sizes, int32_t dimensions, int32_t dtype, void** result) {
  return sts::guarded([&] {
    auto t = at::empty(at::IntArrayRef(sizes, static_cast<size_t>(dimensions)), at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype)));
    TORCH_CHECK(static_cast<int64_t>(t.nbytes()) == bytes, "a tensor of ", t.nbytes(), " bytes cannot be made from ", bytes);
    if (bytes > 0) std::memcpy(t.data_ptr(), data, static_cast<size_t>(bytes));
    *result = sts::to_handle(std::move(t));
  });
}
