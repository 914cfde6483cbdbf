using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Data;

/// <summary>
/// Random numbers for a batch. They are drawn on the generator's device and moved to the batch's device. Their number
/// does not depend on their values.
/// </summary>
internal static class RandomDraws
{
    /// <summary>Floats, uniform from 0 (inclusive) to 1 (exclusive).</summary>
    public static Tensor Uniform(Generator generator, Device device, params long[] size) =>
        rand(size, dtype: ScalarType.Float32, device: generator.device, generator: generator).to(device);

    /// <summary>Integers, uniform from 0 to <paramref name="below"/> (exclusive), int64.</summary>
    public static Tensor Whole(Generator generator, Device device, long below, params long[] size) =>
        randint(0, below, size, dtype: int64, device: generator.device, generator: generator).to(device);
}
