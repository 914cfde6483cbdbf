using System.Globalization;
using System.Text.Json;
using Microsoft.ML.PaT.Distributed;
using Microsoft.ML.PaT.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <summary>
/// Chooses the memory format of a network in training: that of the options, that of the rule, or the one measured to be
/// faster (docs/decisions/memory-format.md).
/// </summary>
internal static class MemoryFormatProbe
{
    /// <summary>Maximum batch size of the measurement; larger batches give the same ratio.</summary>
    private const int MaxImages = 128;

    private const int Rounds = 5;
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Minimum relative gain for overruling the rule, so that noise does not change the choice between runs.
    /// </summary>
    private const double Gain = 0.05;

    /// <summary>Chooses the format from measurements on this machine.</summary>
    /// <param name="device">Training device.</param>
    /// <param name="ranks">All ranks use the choice of rank 0.</param>
    public static MemoryFormatChoice ChooseOnAllRanks(
        NetworkDefinition definition, Device device, TrainingOptions options, Communicator ranks) =>
        options.MemoryFormat != MemoryFormat.Measured || ranks.Size == 1
            ? Choose(definition, device, options, MeasurementCache.Of(device))
            : JsonSerializer.Deserialize<MemoryFormatChoice>(
                ranks.FromFirst(
                    () =>
                        JsonSerializer.SerializeToUtf8Bytes(
                            Choose(definition, device, options, MeasurementCache.Of(device), ranks.Size)),
                    Communicator.LongWork));

    /// <param name="device">Training device.</param>
    /// <param name="ranks">Number of processes that share a batch.</param>
    public static MemoryFormatChoice Choose(
        NetworkDefinition definition, Device device, TrainingOptions options, MeasurementCache cache, int ranks = 1)
    {
        var rule = TrainableNetwork.TrainsChannelsLast(definition, device, options.FusedNorms);
        if (options.MemoryFormat == MemoryFormat.Automatic)
            return new(rule, "by the rule for the network and the device");
        if (options.MemoryFormat != MemoryFormat.Measured)
            return new(options.MemoryFormat == MemoryFormat.ChannelsLast, "as given");
        var batch = Batch(options, ranks);
        var cost = NetworkCost.Of(definition);
        var times = new Lazy<double[]>(() => Milliseconds(definition, device, batch, options));
        var choice = Choose(rule, channelsLast =>
            cache.Get(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"training {definition.Name} {definition.Input} {cost.Parameters} parameters {cost.Macs} MACs "
                        + $"{definition.Layers.Count} layers {Widths(definition):X8}, batch {batch}, channels "
                        + $"{(channelsLast ? "last" : "first")}, {options.Precision}, "
                        + $"{(options.FusedNorms ? "fused" : "plain")} norms"),
                () => times.Value[channelsLast ? 1 : 0]));
        cache.Save();
        return choice;
    }

    /// <summary>Returns the rule's format unless the other one is clearly faster.</summary>
    /// <param name="rule">Whether the rule's format is channels-last.</param>
    /// <param name="milliseconds">Returns the time of a step in channels-last (true) or channels-first format
    /// (false).</param>
    internal static MemoryFormatChoice Choose(bool rule, Func<bool, double> milliseconds)
    {
        var (ruled, other) = (milliseconds(rule), milliseconds(!rule));
        return other < (1 - Gain) * ruled ? new(!rule, Reason(other, ruled)) : new(rule, Reason(ruled, other));

        static string Reason(double chosen, double rejected) =>
            FormattableString.Invariant($"{chosen:F1} ms per step, {rejected:F1} ms in the other format");
    }

    /// <summary>Images per micro-batch of a rank.</summary>
    internal static int Batch(TrainingOptions options, int ranks) => Math.Min(options.MicroBatchOf(ranks), MaxImages);

    /// <summary>
    /// Hash of the widths: pruned networks can have the same name, cost and depth but different widths.
    /// </summary>
    private static int Widths(NetworkDefinition definition) =>
        definition.Layers.Aggregate(17, (hash, layer) =>
            unchecked(hash * 31 + definition.OutputShape(layer.Name).Channels));

    /// <summary>Milliseconds of a step in channels-first and channels-last format.</summary>
    private static double[] Milliseconds(
        NetworkDefinition definition, Device device, int batch, TrainingOptions options)
    {
        using var first =
            new TrainingProbe(definition, device, batch, channelsLast: false, options.Precision, options.FusedNorms);
        using var last =
            new TrainingProbe(definition, device, batch, channelsLast: true, options.Precision, options.FusedNorms);
        return TrainingProbe.MeasureInterleaved([first, last], Rounds, s_time);
    }
}
