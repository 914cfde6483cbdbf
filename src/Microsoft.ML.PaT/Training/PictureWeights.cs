using static TorchSharp.torch;

namespace Microsoft.ML.PaT;

/// <summary>How much each training picture counts in the loss.</summary>
internal static class PictureWeights
{
    /// <summary>The weights, float [N] on the CPU with a mean of 1, detached from scopes; null where all are 1.</summary>
    /// <remarks>Of n pictures with weights w and a sum of W, W_c in class c of k that have any: w n / W, or w n / (k W_c) where classes are balanced.</remarks>
    /// <param name="pictures">The training pictures, with their own weights.</param>
    /// <param name="classes">What the options say of classes.</param>
    /// <exception cref="InvalidPicturesException">The weights of all pictures are 0.</exception>
    public static Tensor? Of(PictureStore pictures, ClassWeights classes)
    {
        if (classes == ClassWeights.None && !pictures.AreWeighted) return null;
        var labels = pictures.LabelValues;
        var given = pictures.WeightValues;
        var sums = new double[pictures.Classes.Count];
        for (var i = 0; i < given.Length; i++) sums[labels[i]] += given[i];
        var present = sums.Count(sum => sum > 0);
        if (present == 0) throw new InvalidPicturesException($"The weights of all {pictures.Count} training pictures are 0; some must be greater.");
        var shares = classes == ClassWeights.Balanced ? Array.ConvertAll(sums, sum => sum * present) : [.. Enumerable.Repeat(sums.Sum(), sums.Length)];
        var weights = new float[given.Length];
        for (var i = 0; i < weights.Length; i++) weights[i] = given[i] == 0 ? 0 : (float)(given[i] * (pictures.Count / shares[labels[i]]));
        return tensor(weights, dtype: float32).DetachFromDisposeScope();
    }
}
