using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <summary>
/// Consecutive parameters that an optimizer updates before it reads the next ones. Its tensors are views, [count].
/// </summary>
internal sealed class ParameterBlock(FlatParameters flat, long start, long count)
{
    /// <summary>
    /// Values, gradients and momentum of a block (768 KiB) stay in a core's second-level cache between two operators.
    /// </summary>
    private const long Size = 65_536;

    public Tensor Values { get; } = flat.Values.narrow(0, start, count);

    public Tensor Gradients { get; } = flat.Gradients.narrow(0, start, count);

    public Tensor State(string part) => flat.State(part).narrow(0, start, count);

    /// <summary>Parameters per block: all of them on a GPU, where each operator costs a kernel launch.</summary>
    public static long SizeOf(FlatParameters flat) =>
        flat.Values.device_type == DeviceType.CPU ? Size : Math.Max(1, flat.Values.numel());
}
