using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT;

/// <summary>Decides how a network lies in memory while it trains: as the options say, or as a few measured steps say (docs/decisions/layout.md).</summary>
internal static class LayoutProbe
{
    /// <summary>Pictures of the probe's batch at most: layouts differ as much with more.</summary>
    private const int MostPictures = 128;

    private const int Repeats = 3;
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(0.5);

    /// <summary>What the other layout must save before the rule is overruled: what is within the noise of a measurement stays the same on every run.</summary>
    private const double Gain = 0.05;

    /// <summary>The layout of a network in training: on all ranks the one that rank 0 finds.</summary>
    /// <param name="definition">The network.</param>
    /// <param name="device">Where it trains.</param>
    /// <param name="options">Which layout was asked for, and the batch.</param>
    /// <param name="ranks">All ranks; null for this process alone.</param>
    public static LayoutChoice ChooseTogether(NetworkDefinition definition, Device device, TrainingOptions options, ProcessGroup? ranks) =>
        Choose(definition, device, options, MeasurementCache.Of(device, ranks, cache => Choose(definition, device, options, cache)));

    /// <summary>The layout of a network in training.</summary>
    /// <param name="definition">The network.</param>
    /// <param name="device">Where it trains.</param>
    /// <param name="options">Which layout was asked for, and the batch.</param>
    /// <param name="cache">What was measured before.</param>
    public static LayoutChoice Choose(NetworkDefinition definition, Device device, TrainingOptions options, MeasurementCache cache)
    {
        if (options.Layout != MemoryLayout.Automatic) return new(options.Layout == MemoryLayout.ChannelsLast, "as asked for");
        var batch = Batch(device, options);
        var cost = NetworkCost.Of(definition);
        var choice = Choose(TrainableNetwork.PrefersChannelsLast(definition, device), channelsLast => cache.Get(
            FormattableString.Invariant($"training {definition.Name} {definition.Input} {cost.Parameters} parameters {cost.Macs} MACs {definition.Layers.Count} layers {Widths(definition):X8}, batch {batch}, channels {(channelsLast ? "last" : "first")}, {options.Precision}"),
            () => Milliseconds(definition, device, batch, channelsLast, options.Precision)));
        cache.Save();
        return choice;
    }

    /// <summary>The rule's layout, unless the other is clearly faster.</summary>
    /// <param name="rule">Whether the rule says channels last.</param>
    /// <param name="milliseconds">The time of a step with channels last, or first.</param>
    internal static LayoutChoice Choose(bool rule, Func<bool, double> milliseconds)
    {
        var (ruled, other) = (milliseconds(rule), milliseconds(!rule));
        return other < (1 - Gain) * ruled ? new(!rule, Reason(other, ruled)) : new(rule, Reason(ruled, other));

        static string Reason(double chosen, double rejected) => FormattableString.Invariant($"{chosen:F1} ms a step, {rejected:F1} ms the other way");
    }

    /// <summary>As many pictures as go through the network at once, evenly shared by the threads (docs/decisions/even-batches.md).</summary>
    private static int Batch(Device device, TrainingOptions options)
    {
        var unit = device.type == DeviceType.CPU ? get_num_threads() : 1;
        return Math.Max(1, Math.Min(MostPictures, options.BatchSize / options.Accumulation) / unit) * unit;
    }

    /// <summary>Networks of one name, cost and depth can have different widths after a cut.</summary>
    private static int Widths(NetworkDefinition definition) => definition.Layers.Aggregate(17, (hash, layer) => unchecked(hash * 31 + definition.OutputShape(layer.Name).Channels));

    /// <summary>The least of a few steps, forward and backward: what else the machine does only ever adds to a time.</summary>
    private static double Milliseconds(NetworkDefinition definition, Device device, int batch, bool channelsLast, Precision precision)
    {
        using var generator = new Generator(1);
        using var network = TrainableNetwork.Initialise(definition, generator, device, channelsLast);
        network.Module.Train(generator);
        using var outer = NewDisposeScope();
        var shape = definition.Input;
        var pictures = channelsLast
            ? ones([batch, shape.Height, shape.Width, shape.Channels], device: device).permute(0, 3, 1, 2)
            : ones([batch, shape.Channels, shape.Height, shape.Width], device: device);
        var labels = zeros([batch], dtype: ScalarType.Int64, device: device);
        var (best, clock) = (double.PositiveInfinity, Stopwatch.StartNew());
        for (var repeat = -1; repeat < Repeats && (repeat <= 0 || clock.Elapsed < s_time); repeat++)
        {
            using var scope = NewDisposeScope();
            var start = Stopwatch.GetTimestamp();
            Tensor logits;
            using (Autocast.Begin(device, precision)) logits = network.Module.call(pictures);
            nn.functional.cross_entropy(logits.to(ScalarType.Float32), labels).backward();
            network.Weights.Gradients.narrow(0, 0, 1).cpu(); // waits for a device that computes on its own
            if (repeat >= 0) best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        return best;
    }
}
