using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT;

/// <summary>
/// Stochastic gradient descent with momentum, as PyTorch defines it: g += decay * w; v = momentum * v + g; w -= lr * (Nesterov ? g + momentum * v : v).
/// The state lies with the parameters, so that surgery can carry it.
/// </summary>
internal sealed class SgdOptimizer(TrainingOptions options)
{
    /// <summary>Moves every parameter and sets its gradient to zero.</summary>
    /// <param name="network">The network; its gradients must be those of this step.</param>
    /// <param name="rates">The learning rate and the momentum of this step.</param>
    public void Step(TrainableNetwork network, StepRates rates)
    {
        using var noGradient = no_grad();
        Step(network.Weights, rates, options.WeightDecay);
        Step(network.Norms, rates, weightDecay: 0);
    }

    private void Step(FlatParameters flat, StepRates rates, double weightDecay)
    {
        using var scope = NewDisposeScope();
        if (weightDecay > 0) flat.Gradients.add_(flat.Values, weightDecay);
        flat.Momentum.mul_(rates.Momentum).add_(flat.Gradients);
        if (options.Nesterov) flat.Values.add_(flat.Gradients.add_(flat.Momentum, rates.Momentum), -rates.LearningRate);
        else flat.Values.add_(flat.Momentum, -rates.LearningRate);
        flat.Gradients.zero_();
    }
}
