using Microsoft.ML.PaT.Core;

namespace Microsoft.ML.PaT.Training;

/// <inheritdoc cref="Optimizer.Sgd"/>
internal class SgdOptimizer(TrainingOptions options) : NetworkOptimizer(options)
{
    private const string Momentum = "momentum";

    private protected override void Move(ParameterBlock block, StepRates rates, long step, bool isNorms)
    {
        var (values, gradients, momentum) = (block.Values, block.Gradients, block.State(Momentum));
        if (!isNorms && Options.WeightDecayInUse > 0) gradients.Plus_(values, Options.WeightDecayInUse);
        momentum.Times_(rates.Momentum).Plus_(gradients);
        if (Options.Nesterov) values.Plus_(gradients.Plus_(momentum, rates.Momentum), -rates.LearningRate);
        else values.Plus_(momentum, -rates.LearningRate);
    }
}
