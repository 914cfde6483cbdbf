using TorchSharp;

namespace Microsoft.ML.PaT;

/// <inheritdoc cref="Optimizer.Sgd"/>
internal class SgdOptimizer(TrainingOptions options) : NetworkOptimizer
{
    private const string Momentum = "momentum";

    private protected override void Move(FlatParameters flat, StepRates rates, long step, bool isNorms)
    {
        if (!isNorms) Decay(flat);
        var momentum = flat.State(Momentum);
        momentum.mul_(rates.Momentum).add_(flat.Gradients);
        if (options.Nesterov) flat.Values.add_(flat.Gradients.add_(momentum, rates.Momentum), -rates.LearningRate);
        else flat.Values.add_(momentum, -rates.LearningRate);
    }

    /// <summary>Turns the gradients of weights into those of the penalised loss.</summary>
    private protected virtual void Decay(FlatParameters weights)
    {
        if (options.WeightDecay > 0) weights.Gradients.add_(weights.Values, options.WeightDecay);
    }
}
