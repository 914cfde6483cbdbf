namespace Microsoft.ML.PaT;

/// <summary>Normalization of pixel values: (pixel / 255 - mean) / standard deviation, per channel.</summary>
/// <param name="Mean">Mean per channel, in the range 0 to 1.</param>
/// <param name="StandardDeviation">Standard deviation per channel over all pixels, in the range 0 to 1; greater than
/// 0.</param>
public sealed record Normalization(IReadOnlyList<float> Mean, IReadOnlyList<float> StandardDeviation)
{
    /// <summary>
    /// Mean (0.485, 0.456, 0.406) and deviation (0.229, 0.224, 0.225), which torchvision's weights, and most that were
    /// trained on ImageNet, were trained with. In a recipe: <c>imagenet</c>.
    /// </summary>
    public static Normalization ImageNet { get; } = new([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);

    /// <summary>Returns constants for normalized = pixel * scale + shift, each [C,1,1], for pixels 0 to 255.</summary>
    /// <returns>Two new tensors on the CPU that the caller owns.</returns>
    internal (TorchSharp.torch.Tensor Scale, TorchSharp.torch.Tensor Shift) ToTensors()
    {
        var scale = StandardDeviation.Select(s => 1f / (255f * s)).ToArray();
        var shift = Mean.Zip(StandardDeviation, (m, s) => -m / s).ToArray();
        return (TorchSharp.torch.tensor(scale).reshape(-1, 1, 1), TorchSharp.torch.tensor(shift).reshape(-1, 1, 1));
    }
}
