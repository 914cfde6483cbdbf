using System.Globalization;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <summary>
/// Detects a loss that has exploded, finds the first layer with non-finite values, and writes the error.
/// </summary>
internal static class Divergence
{
    /// <summary>
    /// Mean cross-entropy of a batch above which training has diverged: logits that differ by 10,000. Random guesses
    /// give ln(classes), at most 10.
    /// </summary>
    public const float MostLoss = 1e4f;

    /// <summary>Says what is wrong with the loss of a batch; null if nothing is.</summary>
    /// <param name="loss">Sum of the weighted losses over the number of images.</param>
    /// <param name="meanWeight">Mean weight of the images of the batch; above 1, it multiplies the limit.</param>
    public static string? OfLoss(float loss, float meanWeight)
    {
        var most = MostLoss * Math.Max(1, meanWeight);
        return !float.IsFinite(loss)
            ? string.Create(CultureInfo.InvariantCulture, $"the loss ({loss}) is not finite")
            : loss > most
                ? string.Create(CultureInfo.InvariantCulture, $"the loss is {loss:G3}, more than {most:N0},")
                : null;
    }

    /// <summary>Returns the first layer whose output is not finite; null if all are finite.</summary>
    /// <param name="input">The batch, [N,C,H,W].</param>
    public static string? OfActivations(TrainableNetwork network, Tensor input) =>
        network.Module.FirstNotFinite(input) is { } layer ? $"the output of layer '{layer}'" : null;

    /// <summary>
    /// Returns the last layer of the network whose gradient is not finite, which is the first in the backward pass;
    /// null if all are finite. Costs a sum over the gradients: a thousandth of a step.
    /// </summary>
    public static string? OfGradients(TrainableNetwork network)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var sum = network.Decayed.Gradients.sum().item<float>() + network.Undecayed.Gradients.sum().item<float>();
        if (float.IsFinite(sum)) return null;
        var layer = network.Definition.Layers.LastOrDefault(l =>
            l.Parameters.Any(p => p.Trainable && !network.Tensors[p.Name].grad!.isfinite().all().item<bool>()));
        return layer is null ? "the sum of all gradients" : $"the gradient of layer '{layer.Name}'";
    }

    /// <summary>The exception that ends a run.</summary>
    /// <param name="what">What has diverged, and where.</param>
    /// <param name="advisesPreset">Whether to advise the preset for given weights.</param>
    public static TrainingDivergedException Error(string what, bool advisesPreset)
    {
        var preset = advisesPreset
            ? "preset finetune (RecipePresets.FineTune), which keeps what given weights have learned, "
            : "";
        return new(
            ErrorCodes.TrainingDiverged,
            $"Training has diverged: {what}. Try {preset}a lower Training.LearningRate, a longer "
                + "Training.WarmupFraction, or Training.OnDivergence = RollBack with checkpoints.");
    }
}
