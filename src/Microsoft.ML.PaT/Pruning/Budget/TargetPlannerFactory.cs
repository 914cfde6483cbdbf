using Microsoft.ML.PaT.Distributed;
using Microsoft.ML.PaT.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Pruning.Budget;

/// <summary>
/// Creates the planner of a run: chooses the width step and, for a latency target, measures the layers on the device.
/// </summary>
internal static class TargetPlannerFactory
{
    /// <summary>
    /// The step is the given one, the default, or a measured one. A given step is never lowered to reach the target.
    /// </summary>
    /// <param name="device">Training device.</param>
    /// <param name="ranks">All ranks use the measurements of rank 0.</param>
    public static TargetPlanner For(BudgetSettings options, ChannelGroups groups, Device device, Communicator ranks) =>
        For(
            options,
            groups,
            device,
            MeasurementCache.Of(device, ranks, measured => _ = For(options, groups, device, measured).IsReachable));

    internal static TargetPlanner For(
        BudgetSettings options, ChannelGroups groups, Device device, MeasurementCache measured)
    {
        var step = options.RoundTo
            ?? (options.MeasureRoundTo ? WidthStepProbe.Of(device, measured) : WidthStep.DefaultFor(groups));
        var planner = With(step);
        while (options.RoundTo is null && step > 1 && !planner.IsReachable) planner = With(step /= 2);
        return planner;

        TargetPlanner With(int step) =>
            new(options, groups, step, () => Latencies(options, groups, step, device, measured));
    }

    /// <summary>Times of the layers on the device, in the memory format that the pruned network will have.</summary>
    private static LatencyTable Latencies(
        BudgetSettings options, ChannelGroups groups, int step, Device device, MeasurementCache measured)
    {
        if (options.Target.Kind != PruningTargetKind.TrainingTime)
        {
            var scoring = new ScoringLayerTimer(device, options.LatencyBatch, ScoringModule.IsChannelsLast(device));
            return LatencyTable.Measure(groups, step, scoring, measured);
        }
        var trainsLast = TrainableNetwork.TrainsChannelsLast(groups.Definition, device, options.FusedNorms);
        var timer = new TrainingLayerTimer(
            device, options.TrainingBatch, trainsLast, options.FusedNorms, options.Precision);
        var table = LatencyTable.Measure(groups, step, timer, measured);
        return new TrainingTimeFit(options, groups, step, device).Fit(table, timer.Conditions, measured);
    }
}
