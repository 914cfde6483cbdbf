using Microsoft.ML.PaT.Core;
using TorchSharp;

namespace Microsoft.ML.PaT.Training;

/// <inheritdoc cref="Optimizer.AdamW"/>
internal sealed class AdamWOptimizer(TrainingOptions options) : NetworkOptimizer(options)
{
    private const string Mean = "mean", Square = "square";

    /// <summary>PyTorch's default; prevents a division by zero for weights without a gradient.</summary>
    private const double Epsilon = 1e-8;

    private protected override void Move(ParameterBlock block, StepRates rates, long step, bool isNorms)
    {
        var (values, gradients, beta1, beta2) = (block.Values, block.Gradients, rates.Momentum, Options.Beta2);
        if (!isNorms) values.Times_(1 - rates.LearningRate * Options.WeightDecayInUse);
        using var rest = (1 - beta2).ToScalar();
        using var move = (-rates.LearningRate / (1 - Math.Pow(beta1, step))).ToScalar();
        var mean = block.State(Mean).Times_(beta1).Plus_(gradients, 1 - beta1);
        var square = block.State(Square).Times_(beta2).addcmul_(gradients, gradients, rest);
        var deviation = square.sqrt().Over_(Math.Sqrt(1 - Math.Pow(beta2, step))).Plus_(Epsilon);
        values.addcdiv_(mean, deviation, move);
    }
}
