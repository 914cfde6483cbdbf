using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT;

/// <summary>
/// The step that widths should go in on a device. Libraries have no fast kernels for odd widths, and which widths are odd depends on library and
/// device (docs/results/widths.md), so it is measured: steps of training of two convolutions with batch-norms, at a width of each step, in the memory
/// layout that a network of such widths trains in.
/// </summary>
internal static class WidthStep
{
    private const int Batch = 32, Pixels = 8, Repeats = 5;

    /// <summary>What a multiply-accumulate may cost beside the cheapest: a smaller step spends a budget more finely, and that is worth this much.</summary>
    private const double Tolerance = 1.1;

    /// <summary>Steps, and a width that is a multiple of each and of no larger one; close together, the larger steps at the smaller: what does not grow with the square of the width then speaks for the smaller step.</summary>
    private static readonly (int Step, int Width)[] s_tried = [(1, 97), (4, 100), (8, 104), (16, 96)];

    /// <summary>Measures, about a second, or remembers.</summary>
    /// <param name="device">Where the network trains.</param>
    /// <param name="cache">What was measured before.</param>
    /// <returns>1, 4, 8 or 16 channels.</returns>
    public static int Of(Device device, MeasurementCache cache)
    {
        var step = Choose((step, width) => cache.Get($"training two 3x3 convolutions, widths in steps of {step}", () => Milliseconds(device, width)));
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

    /// <summary>The least of several times for a forward and a backward pass: what else the machine does only ever adds to a time.</summary>
    private static double Milliseconds(Device device, int width)
    {
        var builder = new NetworkBuilder("probe", new(width, Pixels, Pixels));
        var x = NetworkDefinition.InputName;
        for (var i = 1; i <= 2; i++) x = builder.Relu($"relu{i}", builder.BatchNorm($"bn{i}", builder.Convolution($"conv{i}", x, width, kernel: 3)));
        builder.Linear("fc", builder.GlobalAveragePool("pool", x), outputs: 8);
        using var generator = new Generator(1);
        using var network = TrainableNetwork.Initialise(builder.Build(), generator, device);
        network.Module.Train(generator);
        using var outer = NewDisposeScope();
        var pictures = network.ChannelsLast ? ones([Batch, Pixels, Pixels, width], device: device).permute(0, 3, 1, 2) : ones([Batch, width, Pixels, Pixels], device: device);
        var labels = zeros([Batch], dtype: ScalarType.Int64, device: device);
        var best = double.PositiveInfinity;
        for (var repeat = -1; repeat < Repeats; repeat++)
        {
            using var scope = NewDisposeScope();
            var start = Stopwatch.GetTimestamp();
            nn.functional.cross_entropy(network.Module.call(pictures), labels).backward();
            network.Weights.Gradients.narrow(0, 0, 1).cpu(); // waits for a device that computes on its own
            if (repeat >= 0) best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        return best;
    }
}
