using System.Diagnostics;
using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Training.Kernels;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <summary>A network whose training time is measured with synthetic images, to choose between alternatives.</summary>
internal sealed class TrainingProbe : IDisposable
{
    private readonly Generator _generator = new(1);
    private readonly TrainableNetwork _network;
    private readonly Tensor _images, _labels;
    private readonly ComputePrecision _precision;

    /// <param name="device">Training device.</param>
    /// <param name="batch">Images of a step.</param>
    /// <param name="channelsLast">Whether the format is channels-last; null for the rule.</param>
    /// <param name="precision">Compute precision.</param>
    public TrainingProbe(
        NetworkDefinition definition,
        Device device,
        int batch,
        bool? channelsLast,
        Precision precision,
        bool fusedNorms)
    {
        _network = TrainableNetwork.Initialize(definition, _generator, device, channelsLast, fusedNorms);
        _network.Module.Train(_generator);
        var shape = definition.Input;
        using var scope = NewDisposeScope();
        _images = (
            _network.ChannelsLast
                ? ones([batch, shape.Height, shape.Width, shape.Channels], dtype: ScalarType.Float32, device: device)
                    .permute(0, 3, 1, 2)
                : ones([batch, shape.Channels, shape.Height, shape.Width], dtype: ScalarType.Float32, device: device)
        ).DetachFromDisposeScope();
        _labels = zeros([batch], dtype: ScalarType.Int64, device: device).DetachFromDisposeScope();
        _precision = ComputePrecision.Of(precision);
    }

    /// <summary>
    /// Returns the minimum milliseconds of a forward and backward pass of each network. Measurements are interleaved so
    /// that background load affects all candidates equally; the minimum is reported because noise only adds time.
    /// </summary>
    /// <param name="rounds">Maximum number of measurements of each, after a warm-up.</param>
    /// <param name="limit">Time after which no further round starts; there is at least one round.</param>
    public static double[] MeasureInterleaved(IReadOnlyList<TrainingProbe> probes, int rounds, TimeSpan limit)
    {
        foreach (var probe in probes) probe.Milliseconds();
        var (least, clock) = (Enumerable.Repeat(double.PositiveInfinity, probes.Count).ToArray(), Stopwatch.StartNew());
        for (var round = 0; round < rounds && (round == 0 || clock.Elapsed < limit); round++)
        {
            for (var i = 0; i < probes.Count; i++) least[i] = Math.Min(least[i], probes[i].Milliseconds());
        }
        return least;
    }

    public void Dispose()
    {
        _images.Dispose();
        _labels.Dispose();
        _network.Dispose();
        _generator.Dispose();
    }

    private double Milliseconds()
    {
        using var scope = NewDisposeScope();
        var start = Stopwatch.GetTimestamp();
        FusedNormFunction.BackwardFrom(
            nn.functional.cross_entropy(_network.Module.Forward(_images, _precision), _labels));
        _network.Decayed.Gradients.narrow(0, 0, 1).cpu(); // waits for a device that computes on its own
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
