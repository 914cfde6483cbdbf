// Batch normalisation over the batches of all ranks: sums of the statistics go round once forwards and once backwards.
// Forwards, with N values a channel over all ranks: mean = sum(x) / N, variance = sum(x^2) / N - mean^2, in double precision, so that
// nothing cancels. Backwards, with g = dy: dx = scale / sigma * (g - sum(g) / N - xhat * sum(g * xhat) / N).
#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>
#include "distributed.h"

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

at::Tensor by_channel(const at::Tensor& values, const at::Tensor& like) {
  std::vector<int64_t> shape(like.dim(), 1);
  shape[1] = values.numel();
  return values.to(like.scalar_type()).view(shape);
}

std::vector<int64_t> all_but_channels(const at::Tensor& input) {
  std::vector<int64_t> dimensions{0};
  for (int64_t d = 2; d < input.dim(); d++) dimensions.push_back(d);
  return dimensions;
}

class SynchronizedBatchNorm : public torch::autograd::Function<SynchronizedBatchNorm> {
 public:
  static at::Tensor forward(AutogradContext* context, const at::Tensor& input, const at::Tensor& scale, const at::Tensor& shift, at::Tensor running_mean,
                            at::Tensor running_variance, double momentum, double epsilon, int64_t group) {
    const auto channels = input.size(1);
    const auto count = static_cast<double>(input.numel() / channels);
    auto [own_variance, own_mean] = at::var_mean(input, all_but_channels(input), /*unbiased=*/false);
    const auto own = own_mean.to(at::kDouble);
    auto sums = at::cat({own * count, (own_variance.to(at::kDouble) + own * own) * count, at::full({1}, count, own.options())});
    pat::sum_now(pat::group(reinterpret_cast<void*>(group)), sums);
    const auto total = sums.narrow(0, 2 * channels, 1);
    const auto mean = sums.narrow(0, 0, channels) / total;
    const auto variance = (sums.narrow(0, channels, channels) / total - mean * mean).clamp_min(0);
    const auto inverse = (variance + epsilon).rsqrt();

    // The running variance is the unbiased one, as everywhere.
    running_mean.lerp_(mean.to(running_mean.scalar_type()), momentum);
    running_variance.lerp_((variance * total / (total - 1).clamp_min(1)).to(running_variance.scalar_type()), momentum);

    const auto factor = scale.to(at::kDouble) * inverse;
    auto output = input * by_channel(factor, input);
    output.add_(by_channel(shift.to(at::kDouble) - mean * factor, input));
    context->save_for_backward({input, scale, mean, inverse, total});
    context->saved_data["group"] = group;
    return output;
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const auto &input = saved[0], &scale = saved[1], &mean = saved[2], &inverse = saved[3], &total = saved[4];
    const auto& gradient = gradients[0];
    const auto channels = input.size(1);
    const auto dimensions = all_but_channels(input);
    const auto centred = input - by_channel(mean, input);
    const auto own_sum = gradient.sum(dimensions, false, at::kDouble);
    const auto own_product = (gradient * centred).sum(dimensions, false, at::kDouble) * inverse;
    auto sums = at::cat({own_sum, own_product});
    pat::sum_now(pat::group(reinterpret_cast<void*>(context->saved_data["group"].toInt())), sums);

    // dx = k * g - k * sum(g) / N - k * xhat * sum(g * xhat) / N with k = scale / sigma; the gradients of scale and shift are summed with all others.
    const auto k = scale.to(at::kDouble) * inverse;
    auto result = gradient * by_channel(k, input);
    result.addcmul_(centred, by_channel(k * inverse * sums.narrow(0, channels, channels) / -total, input));
    result.sub_(by_channel(k * sums.narrow(0, 0, channels) / total, input));
    return {result, own_product.to(scale.scalar_type()), own_sum.to(scale.scalar_type()), {}, {}, {}, {}, {}};
  }
};

}  // namespace

int32_t pat_batch_norm(void* group, const void* input, const void* scale, const void* shift, void* running_mean, void* running_variance, double momentum, double epsilon, void* output) {
  return pat::guarded([&] {
    pat::tensor(output) = SynchronizedBatchNorm::apply(pat::tensor(input), pat::tensor(scale), pat::tensor(shift), pat::tensor(running_mean), pat::tensor(running_variance),
                                                      momentum, epsilon, static_cast<int64_t>(reinterpret_cast<intptr_t>(group)));
  });
}
