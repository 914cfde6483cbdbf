using TorchSharp;

namespace Microsoft.ML.PaT;

/// <inheritdoc cref="Optimizer.Adamw"/>
internal sealed class AdamwOptimizer(TrainingOptions options) : NetworkOptimizer
{
    private const string Mean = "mean", Square = "square";

    /// <summary>Keeps weights that have no gradient from being divided by zero; PyTorch's default.</summary>
    private const double Epsilon = 1e-8;

    private protected override void Move(FlatParameters flat, StepRates rates, long step, bool isNorms)
    {
        var (beta1, beta2) = (rates.Momentum, options.Beta2);
        if (!isNorms) flat.Values.mul_(1 - rates.LearningRate * options.WeightDecay);
        var mean = flat.State(Mean).mul_(beta1).add_(flat.Gradients, 1 - beta1);
        var square = flat.State(Square).mul_(beta2).addcmul_(flat.Gradients, flat.Gradients, 1 - beta2);
        var deviation = square.sqrt().div_(Math.Sqrt(1 - Math.Pow(beta2, step))).add_(Epsilon);
        flat.Values.addcdiv_(mean, deviation, -rates.LearningRate / (1 - Math.Pow(beta1, step)));
    }
}
