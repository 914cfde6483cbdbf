using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Data;

/// <summary>
/// Random numbers for a batch: drawn on the generator's device, then moved to the batch's. How many are drawn does not
/// depend on their values.
/// </summary>
internal static class RandomDraws
{
    /// <summary>Real numbers, uniform from 0 (included) to 1 (excluded).</summary>
    public static Tensor Uniform(Generator generator, Device device, params long[] size) =>
        rand(size, dtype: ScalarType.Float32, device: generator.device, generator: generator).to(device);

    /// <summary>Whole numbers, uniform from 0 to <paramref name="below"/> (excluded), int64.</summary>
    public static Tensor Whole(Generator generator, Device device, long below, params long[] size) =>
        randint(0, below, size, dtype: int64, device: generator.device, generator: generator).to(device);
}
