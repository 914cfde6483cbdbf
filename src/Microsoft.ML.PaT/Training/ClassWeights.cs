namespace Microsoft.ML.PaT;

/// <summary>How much the pictures of a class count in the training loss.</summary>
public enum ClassWeights
{
    /// <summary>Every picture counts the same: frequent classes count more.</summary>
    None,

    /// <summary>Every class counts the same: a picture of class c has the weight n / (k n_c), of n pictures in k classes, n_c of them in c. The mean over all pictures is 1.</summary>
    Balanced,
}
