namespace Microsoft.ML.PaT;

/// <summary>Normalization of pixel values: (pixel / 255 - mean) / standard deviation, per channel.</summary>
/// <param name="Mean">Mean per channel, in the range 0 to 1.</param>
/// <param name="StandardDeviation">Standard deviation per channel over all pixels, in the range 0 to 1; greater than
/// 0.</param>
public sealed record Normalization(IReadOnlyList<float> Mean, IReadOnlyList<float> StandardDeviation)
{
    /// <summary>Returns constants for normalized = pixel * scale + shift, each [C,1,1], for pixels 0 to 255.</summary>
    /// <returns>Two new tensors on the CPU that the caller owns.</returns>
    internal (TorchSharp.torch.Tensor Scale, TorchSharp.torch.Tensor Shift) ToTensors()
    {
        var scale = StandardDeviation.Select(s => 1f / (255f * s)).ToArray();
        var shift = Mean.Zip(StandardDeviation, (m, s) => -m / s).ToArray();
        return (TorchSharp.torch.tensor(scale).reshape(-1, 1, 1), TorchSharp.torch.tensor(shift).reshape(-1, 1, 1));
    }
}
