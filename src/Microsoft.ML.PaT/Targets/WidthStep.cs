using TorchSharp;

namespace Microsoft.ML.PaT;

/// <summary>
/// The step that widths should go in on a device. Libraries have no fast kernels for odd widths, and which widths are odd depends on library and
/// device (docs/results/widths.md), so it is measured: a 3x3 convolution at a width of each step, in the memory layout that a network of such widths has.
/// </summary>
internal static class WidthStep
{
    private const int Batch = 32, Pixels = 16, Repeats = 3;

    /// <summary>What a multiply-accumulate may cost beside the cheapest: a smaller step spends a budget more finely, and that is worth this much.</summary>
    private const double Tolerance = 1.1;

    /// <summary>Steps, and a width that is a multiple of each and of no larger one.</summary>
    private static readonly (int Step, int Width)[] s_tried = [(1, 45), (4, 44), (8, 40), (16, 48)];

    /// <summary>Measures, less than a second, or remembers.</summary>
    /// <param name="device">Where the network trains.</param>
    /// <param name="cache">What was measured before.</param>
    /// <returns>1, 4, 8 or 16 channels.</returns>
    public static int Of(torch.Device device, MeasurementCache cache)
    {
        var step = Choose((step, width) => cache.Get($"3x3 convolution, widths in steps of {step}", () => Milliseconds(device, step, width)));
        cache.Save();
        return step;
    }

    /// <summary>The smallest step whose multiply-accumulates cost about as little as the cheapest.</summary>
    /// <param name="milliseconds">The time at a step and its width.</param>
    internal static int Choose(Func<int, int, double> milliseconds)
    {
        var costs = Array.ConvertAll(s_tried, t => (t.Step, Cost: milliseconds(t.Step, t.Width) / ((double)t.Width * t.Width)));
        var least = costs.Min(c => c.Cost);
        return costs.First(c => c.Cost <= Tolerance * least).Step;
    }

    /// <summary>The least of a few medians: what else the machine does only ever adds to a time.</summary>
    private static double Milliseconds(torch.Device device, int step, int width)
    {
        var layer = new ConvolutionLayer("probe", [NetworkDefinition.InputName], width, width, Kernel: 3, Stride: 1, Padding: 1, Bias: false);
        var timer = new LayerTimer(device, Batch, channelsLast: device.type == DeviceType.CPU && step % 8 == 0);
        return Enumerable.Range(0, Repeats).Min(_ => timer.Milliseconds(layer, [new(width, Pixels, Pixels)]));
    }
}
