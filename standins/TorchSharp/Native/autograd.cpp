// Gradients: leaves, the backward pass, and the modes that switch recording off.
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>
#include <vector>
#include "guard.h"

namespace {

std::vector<at::Tensor> gather(void* const* handles, int32_t count) {
  std::vector<at::Tensor> tensors;
  tensors.reserve(static_cast<size_t>(count));
  for (int32_t i = 0; i < count; ++i) tensors.push_back(handles[i] ? sts::tensor(handles[i]) : at::Tensor());
  return tensors;
}

}  // namespace

int32_t sts_set_requires_grad(void* handle, int32_t value) {
  return sts::guarded([&] { sts::tensor(handle).set_requires_grad(value != 0); });
}

int32_t sts_retain_grad(void* handle) {
  return sts::guarded([&] { sts::tensor(handle).retain_grad(); });
}

int32_t sts_get_grad(const void* handle, void** grad) {
  return sts::guarded([&] { *grad = sts::to_handle_or_null(sts::tensor(handle).grad()); });
}

int32_t sts_set_grad(void* handle, const void* grad) {
  return sts::guarded([&] {
    auto& t = sts::tensor(handle);
    if (grad) {
      const auto& g = sts::tensor(grad);
      TORCH_CHECK(g.sizes() == t.sizes(), "a gradient has the shape of its tensor: ", t.sizes(), ", not ", g.sizes());
      TORCH_CHECK(g.scalar_type() == t.scalar_type(), "a gradient has the type of its tensor: ", t.scalar_type(), ", not ", g.scalar_type());
      TORCH_CHECK(g.device() == t.device(), "a gradient lives on its tensor's device: ", t.device(), ", not ", g.device());
      t.mutable_grad() = g;
    } else {
      t.mutable_grad().reset();
    }
  });
}

int32_t sts_backward(void* const* tensors, int32_t count, void* const* gradients, int32_t gradient_count, int32_t retain_graph, int32_t create_graph, void* const* inputs, int32_t input_count) {
  return sts::guarded([&] {
    torch::autograd::backward(gather(tensors, count), gather(gradients, gradient_count), retain_graph != 0, create_graph != 0, gather(inputs, input_count));
  });
}

int32_t sts_grad(void* const* outputs, int32_t count, void* const* inputs, int32_t input_count, void* const* gradients, int32_t gradient_count, int32_t retain_graph, int32_t create_graph, int32_t allow_unused, void** results) {
  return sts::guarded([&] {
    auto grads = torch::autograd::grad(gather(outputs, count), gather(inputs, input_count), gather(gradients, gradient_count), retain_graph != 0, create_graph != 0, allow_unused != 0);
    for (size_t i = 0; i < grads.size(); ++i) results[i] = sts::to_handle_or_null(std::move(grads[i]));
  });
}

int32_t sts_grad_mode_get(int32_t* enabled) {
  return sts::guarded([&] { *enabled = at::GradMode::is_enabled(); });
}

int32_t sts_grad_mode_set(int32_t enabled) {
  return sts::guarded([&] { at::GradMode::set_enabled(enabled != 0); });
}

int32_t sts_inference_mode_get(int32_t* enabled) {
  return sts::guarded([&] { *enabled = c10::InferenceMode::is_enabled(); });
}

int32_t sts_inference_mode_enter(int32_t enabled, void** guard) {
  return sts::guarded([&] { *guard = new c10::InferenceMode(enabled != 0); });
}

int32_t sts_inference_mode_leave(void* guard) {
  return sts::guarded([&] { delete static_cast<c10::InferenceMode*>(guard); });
}
