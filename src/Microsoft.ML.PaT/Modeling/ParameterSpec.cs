namespace Microsoft.ML.PaT.Modeling;

/// <summary>A tensor of a layer.</summary>
/// <param name="Name">Full name as in torchvision: <c>layer1.0.conv1.weight</c>.</param>
internal sealed record ParameterSpec(string Name, long[] Shape, ParameterRole Role)
{
    /// <summary>Number of values.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Whether the tensor is trained by gradients; running statistics of batch-norms are not.</summary>
    public bool Trainable => Role is not (ParameterRole.RunningMean or ParameterRole.RunningVariance);
}
