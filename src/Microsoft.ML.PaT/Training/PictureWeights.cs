using static TorchSharp.torch;

namespace Microsoft.ML.PaT;

/// <summary>How much each training picture counts in the loss.</summary>
internal static class PictureWeights
{
    /// <summary>The weights, float [N] on the CPU with a mean of 1, detached from scopes; null where all are 1.</summary>
    /// <param name="pictures">The training pictures.</param>
    /// <param name="weights">What the options say.</param>
    public static Tensor? Of(PictureStore pictures, ClassWeights weights)
    {
        if (weights == ClassWeights.None) return null;
        using var scope = NewDisposeScope();
        var present = pictures.LabelCounts.Count(n => n > 0);
        var byClass = tensor([.. pictures.LabelCounts.Select(n => n == 0 ? 0 : (float)((double)pictures.Count / present / n))], dtype: float32);
        return byClass.index_select(0, pictures.Labels).DetachFromDisposeScope();
    }
}
