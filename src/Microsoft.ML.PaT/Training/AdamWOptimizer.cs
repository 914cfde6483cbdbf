using Microsoft.ML.PaT.Core;
using TorchSharp;

namespace Microsoft.ML.PaT.Training;

/// <inheritdoc cref="Optimizer.AdamW"/>
internal sealed class AdamWOptimizer(TrainingOptions options) : NetworkOptimizer
{
    private const string Mean = "mean", Square = "square";

    /// <summary>Keeps weights that have no gradient from being divided by zero; PyTorch's default.</summary>
    private const double Epsilon = 1e-8;

    private protected override void Move(FlatParameters flat, StepRates rates, long step, bool isNorms)
    {
        var (beta1, beta2) = (rates.Momentum, options.Beta2);
        if (!isNorms) flat.Values.Times_(1 - rates.LearningRate * options.WeightDecay);
        using var share = (1 - beta2).ToScalar();
        using var move = (-rates.LearningRate / (1 - Math.Pow(beta1, step))).ToScalar();
        var mean = flat.State(Mean).Times_(beta1).Plus_(flat.Gradients, 1 - beta1);
        var square = flat.State(Square).Times_(beta2).addcmul_(flat.Gradients, flat.Gradients, share);
        var deviation = square.sqrt().Over_(Math.Sqrt(1 - Math.Pow(beta2, step))).Plus_(Epsilon);
        flat.Values.addcdiv_(mean, deviation, move);
    }
}
