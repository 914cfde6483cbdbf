using Microsoft.ML.PaT.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Pruning.Budget;

/// <summary>
/// Measures the best width step on a device. Libraries have no fast kernels for odd widths, and which widths are odd
/// depends on the library and the device (docs/results/widths.md). Measures training steps of two convolutions with
/// batch-norms, at one width for each step, in the memory format that a network of such widths uses.
/// </summary>
internal static class WidthStepProbe
{
    private const int Batch = 32, Pixels = 8, Rounds = 10;
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Highest accepted cost per MAC relative to the cheapest, because a smaller step uses a budget more precisely.
    /// </summary>
    private const double Tolerance = 1.1;

    /// <summary>
    /// Steps, each with a width that is a multiple of it but of no larger step. Widths are close together, and larger
    /// steps have smaller widths: costs that do not grow with the square of the width then favor the smaller step.
    /// </summary>
    private static readonly (int Step, int Width)[] s_tried = [(1, 97), (4, 100), (8, 104), (16, 96)];

    /// <summary>Takes up to about three seconds, or uses the stored value.</summary>
    /// <param name="device">Training device.</param>
    /// <returns>1, 4, 8 or 16 channels.</returns>
    public static int Of(Device device, MeasurementCache cache)
    {
        var times = new Lazy<double[]>(() => Milliseconds(device));
        var step = Choose(
            (step, width) =>
                cache.Get($"training two 3x3 convolutions, widths in steps of {step}", () =>
                    times.Value[Array.IndexOf(s_tried, (step, width))]));
        cache.Save();
        return step;
    }

    /// <summary>Returns the smallest step whose cost per MAC is close to the lowest.</summary>
    /// <param name="milliseconds">Returns the time for a step and its width.</param>
    internal static int Choose(Func<int, int, double> milliseconds)
    {
        var costs =
            Array.ConvertAll(s_tried, t => (t.Step, Cost: milliseconds(t.Step, t.Width) / ((double)t.Width * t.Width)));
        var least = costs.Min(c => c.Cost);
        return costs.First(c => c.Cost <= Tolerance * least).Step;
    }

    /// <summary>Time of a training step at each width.</summary>
    private static double[] Milliseconds(Device device)
    {
        TrainingProbe[] probes =
        [
            .. s_tried.Select(t => new TrainingProbe(
                Network(t.Width),
                device,
                Batch,
                channelsLast: device.type == TorchSharp.DeviceType.CPU,
                Precision.Float32,
                fusedNorms: true)),
        ];
        var times = TrainingProbe.MeasureInterleaved(probes, Rounds, s_time);
        foreach (var probe in probes) probe.Dispose();
        return times;
    }

    private static NetworkDefinition Network(int width)
    {
        var builder = new NetworkBuilder("probe", new(width, Pixels, Pixels));
        var x = NetworkDefinition.InputName;
        for (var i = 1; i <= 2; i++)
        {
            x = builder.Relu(
                $"relu{i}", builder.BatchNorm($"bn{i}", builder.Convolution($"conv{i}", x, width, kernel: 3)));
        }
        builder.Linear("fc", builder.GlobalAveragePool("pool", x), outputs: 8);
        return builder.Build();
    }
}
