using static TorchSharp.torch;

namespace Microsoft.ML.PaT;

/// <summary>Makes the planner of a run: settles the step of widths and, for a latency target, measures the layers on the device.</summary>
internal static class MeasuredPlanner
{
    /// <summary>The planner, with the step of <see cref="PruningOptions.RoundTo"/> or the measured one. That gives way where a narrow network could not reach the target with it.</summary>
    /// <param name="options">The target and what bounds it.</param>
    /// <param name="groups">The channel groups of the dense network.</param>
    /// <param name="device">Where the network trains.</param>
    public static TargetPlanner For(PruningOptions options, ChannelGroups groups, Device device) => For(options, groups, device, MeasurementCache.Of(device));

    private static TargetPlanner For(PruningOptions options, ChannelGroups groups, Device device, MeasurementCache measured)
    {
        var step = options.RoundTo ?? WidthStep.Of(device, measured);
        var planner = With(step);
        while (options.RoundTo is null && step > 1 && !planner.IsReachable) planner = With(step /= 2);
        return planner;

        TargetPlanner With(int step) => new(options, groups, step, () => Latencies(options, groups, step, device, measured));
    }

    /// <summary>The times of the layers on the device, in the layout that the whole network will have.</summary>
    private static LatencyTable Latencies(PruningOptions options, ChannelGroups groups, int step, Device device, MeasurementCache measured)
    {
        var batch = options.LatencyBatch;
        var channelsLast = step % 8 == 0 && TrainableNetwork.PrefersChannelsLast(groups.Definition, device);
        return LatencyTable.Measure(groups, step, new LayerTimer(device, batch, channelsLast), measured, $"batch {batch}, channels {(channelsLast ? "last" : "first")},");
    }
}
