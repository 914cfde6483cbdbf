namespace Microsoft.ML.PaT;

/// <summary>How much the images of a class count in the training loss.</summary>
public enum ClassWeights
{
    /// <summary>Every image counts the same: frequent classes count more.</summary>
    None,

    /// <summary>Every class counts the same: an image of class c has the weight n / (k n_c), of n images in k classes, n_c of them in c. The mean over all images is 1.</summary>
    Balanced,
}
