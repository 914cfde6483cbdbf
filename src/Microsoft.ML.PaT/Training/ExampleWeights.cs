using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <summary>Weights of the training images in the loss.</summary>
internal static class ExampleWeights
{
    /// <summary>
    /// Returns the weights, float [N] on the CPU with a mean of 1, detached from dispose scopes; null if all are 1.
    /// With n images, weights w that sum to W, and W_c in class c of k non-empty classes: w n / W, or w n / (k W_c)
    /// with balanced classes.
    /// </summary>
    /// <param name="images">Training images with their own weights.</param>
    /// <exception cref="InvalidImageDataException">The weights of all images are 0.</exception>
    public static Tensor? Of(ImageDataset images, ClassWeights classes)
    {
        if (classes == ClassWeights.None && !images.AreWeighted) return null;
        var labels = images.LabelValues;
        var given = images.WeightValues;
        var sums = new double[images.Classes.Count];
        for (var i = 0; i < given.Length; i++) sums[labels[i]] += given[i];
        var present = sums.Count(sum => sum > 0);
        if (present == 0)
        {
            throw new InvalidImageDataException(
                ErrorCodes.WeightInvalid,
                $"The weights of all {images.Count} training images are 0; some must be greater.");
        }
        var totals =
            classes == ClassWeights.Balanced
                ? Array.ConvertAll(sums, sum => sum * present)
                : [.. Enumerable.Repeat(sums.Sum(), sums.Length)];
        var weights = new float[given.Length];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = given[i] == 0 ? 0 : (float)(given[i] * (images.Count / totals[labels[i]]));
        return tensor(weights, dtype: float32).DetachFromDisposeScope();
    }
}
