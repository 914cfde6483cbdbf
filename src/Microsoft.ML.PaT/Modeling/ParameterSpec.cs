namespace Microsoft.ML.PaT.Modeling;

/// <summary>One tensor that a layer owns.</summary>
/// <param name="Name">Its full name, as torchvision has it: <c>layer1.0.conv1.weight</c>.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Role">What it is for.</param>
internal sealed record ParameterSpec(string Name, long[] Shape, ParameterRole Role)
{
    /// <summary>Number of values.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Whether training changes it by gradients; running statistics of batch-norms are not trained.</summary>
    public bool Trainable => Role is not (ParameterRole.RunningMean or ParameterRole.RunningVariance);
}
