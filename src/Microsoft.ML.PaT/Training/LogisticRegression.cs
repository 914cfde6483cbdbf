using Microsoft.ML.PaT.Core;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <summary>
/// Multinomial logistic regression: the mean cross-entropy plus penalty / 2 times the squared length of the weights,
/// without the biases. Convex, so the minimum does not depend on the start.
/// </summary>
/// <param name="features">float32 [N,F].</param>
/// <param name="labels">int64 [N].</param>
/// <param name="classes">Number of classes.</param>
/// <param name="imageWeights">Weight of each image, float32 [N], with a mean of 1; null for 1.</param>
internal sealed class LogisticRegression(Tensor features, Tensor labels, int classes, Tensor? imageWeights = null)
{
    private const int Iterations = 200;

    /// <summary>Weights and biases in one tensor, float64 [classes, F + 1].</summary>
    public readonly record struct Solution(Tensor Values)
    {
        /// <summary>Weights [classes, F] and biases [classes], float32.</summary>
        public (Tensor Weight, Tensor Bias) Split()
        {
            var last = Values.shape[1] - 1;
            return (Values.narrow(1, 0, last).to(float32).contiguous(), Values.select(1, last).to(float32));
        }
    }

    /// <summary>All zero.</summary>
    public Solution Start() =>
        new(zeros([classes, features.shape[1] + 1], dtype: float64, device: features.device));

    /// <summary>Minimizes by L-BFGS. The result belongs to the caller's dispose scope.</summary>
    public Solution Fit(Solution start, double penalty)
    {
        using var scope = NewDisposeScope();
        var best = LimitedMemoryBfgs.Minimize(
            start.Values.flatten(), at => At(at.view_as(start.Values), penalty), Iterations);
        return new(best.view_as(start.Values).MoveToOuterDisposeScope());
    }

    /// <summary>Value and gradient.</summary>
    private (double Value, Tensor Gradient) At(Tensor values, double penalty)
    {
        using var scope = NewDisposeScope();
        var (weight, bias) = new Solution(values).Split();
        var logs = nn.functional.linear(features, weight, bias).log_softmax(1);
        var losses = logs.gather(1, labels.unsqueeze(1)).squeeze(1).neg();
        if (imageWeights is not null) losses = losses.mul(imageWeights);
        var errors = logs.exp_().Plus_(nn.functional.one_hot(labels, classes).to(float32), -1);
        if (imageWeights is not null) errors = errors.mul_(imageWeights.unsqueeze(1));
        errors = errors.Over_(labels.shape[0]);
        var gradient = cat([errors.t().mm(features).Plus_(weight, penalty), errors.sum([0]).unsqueeze(1)], 1);
        var value = losses.to(float64).mean().item<double>() + penalty / 2 * weight.Squared().sum().item<float>();
        return (value, gradient.to(float64).flatten().MoveToOuterDisposeScope());
    }
}
