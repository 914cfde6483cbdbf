using Microsoft.ML.PaT.Core;
using TorchSharp;

namespace Microsoft.ML.PaT.Training;

/// <inheritdoc cref="Optimizer.Sgd"/>
internal class SgdOptimizer(TrainingOptions options) : NetworkOptimizer
{
    private const string Momentum = "momentum";

    private protected override void Move(FlatParameters flat, StepRates rates, long step, bool isNorms)
    {
        if (!isNorms) Decay(flat);
        var momentum = flat.State(Momentum);
        momentum.Times_(rates.Momentum).Plus_(flat.Gradients);
        if (options.Nesterov) flat.Values.Plus_(flat.Gradients.Plus_(momentum, rates.Momentum), -rates.LearningRate);
        else flat.Values.Plus_(momentum, -rates.LearningRate);
    }

    /// <summary>Turns the gradients of weights into those of the penalised loss.</summary>
    private protected virtual void Decay(FlatParameters weights)
    {
        if (options.WeightDecay > 0) weights.Gradients.Plus_(weights.Values, options.WeightDecay);
    }
}
