namespace Microsoft.ML.PaT;

/// <summary>How pixels become the numbers a network sees: (pixel / 255 - mean) / standard deviation, channel by channel.</summary>
/// <param name="Mean">Mean of each channel, in units of 0 to 1.</param>
/// <param name="StandardDeviation">Standard deviation of each channel over all pixels, in units of 0 to 1; greater than 0.</param>
public sealed record Normalization(IReadOnlyList<float> Mean, IReadOnlyList<float> StandardDeviation)
{
    /// <summary>The constants in pixel units of a tensor operation: normalized = pixel * scale + shift, each [C,1,1].</summary>
    /// <returns>Two new tensors on the CPU that belong to the caller.</returns>
    internal (TorchSharp.torch.Tensor Scale, TorchSharp.torch.Tensor Shift) ToTensors()
    {
        var scale = StandardDeviation.Select(s => 1f / (255f * s)).ToArray();
        var shift = Mean.Zip(StandardDeviation, (m, s) => -m / s).ToArray();
        return (TorchSharp.torch.tensor(scale).reshape(-1, 1, 1), TorchSharp.torch.tensor(shift).reshape(-1, 1, 1));
    }
}
