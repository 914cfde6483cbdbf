using System.Diagnostics;
using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Training.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <summary>A network whose training is timed, on images that do not matter, to choose between it and others.</summary>
internal sealed class TrainingProbe : IDisposable
{
    private readonly Generator _generator = new(1);
    private readonly TrainableNetwork _network;
    private readonly Tensor _images, _labels;
    private readonly ComputePrecision _precision;

    /// <param name="definition">The network.</param>
    /// <param name="device">Where it trains.</param>
    /// <param name="batch">Images a step.</param>
    /// <param name="channelsLast">Its layout in memory; null for what the rule says.</param>
    /// <param name="precision">What it computes in.</param>
    /// <param name="kernels">What computes its batch-norms.</param>
    public TrainingProbe(NetworkDefinition definition, Device device, int batch, bool? channelsLast, Precision precision, TrainingKernels kernels)
    {
        _network = TrainableNetwork.Initialize(definition, _generator, device, channelsLast, kernels);
        _network.Module.Train(_generator);
        var shape = definition.Input;
        using var scope = NewDisposeScope();
        _images = (_network.ChannelsLast
            ? ones([batch, shape.Height, shape.Width, shape.Channels], device: device).permute(0, 3, 1, 2)
            : ones([batch, shape.Channels, shape.Height, shape.Width], device: device)).DetachFromDisposeScope();
        _labels = zeros([batch], dtype: ScalarType.Int64, device: device).DetachFromDisposeScope();
        _precision = ComputePrecision.Of(precision);
    }

    /// <summary>
    /// The least milliseconds of a forward and a backward pass of each. They take turns, so that what else the machine does troubles all of them; and as that only ever
    /// adds to a time, the least is nearest to the truth.
    /// </summary>
    /// <param name="probes">The networks.</param>
    /// <param name="rounds">Times each at most, after one that does not count.</param>
    /// <param name="limit">When no further round is begun; one is always made.</param>
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
        FusedNormFunction.BackwardFrom(nn.functional.cross_entropy(_network.Module.Forward(_images, _precision), _labels));
        _network.Decayed.Gradients.narrow(0, 0, 1).cpu(); // waits for a device that computes on its own
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
