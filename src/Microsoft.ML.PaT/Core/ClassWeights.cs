namespace Microsoft.ML.PaT;

/// <summary>Weights of the classes in the training loss.</summary>
public enum ClassWeights
{
    /// <summary>Every image has weight 1, so frequent classes contribute more.</summary>
    None,

    /// <summary>
    /// Every class contributes equally: an image of class c has weight n / (k n_c), with n images in k classes and n_c
    /// images in class c. The mean weight over all images is 1.
    /// </summary>
    Balanced,
}
