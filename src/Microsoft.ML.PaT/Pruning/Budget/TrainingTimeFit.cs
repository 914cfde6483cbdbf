using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.PaT.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Pruning.Budget;

/// <summary>
/// Corrects a table of layers by steps of whole networks: layers in sequence share caches, and a step has costs that no
/// layer has. The correction is measured where it is needed, on the dense network and on one that meets the target with
/// random scores.
/// </summary>
/// <param name="step">Width step of the table.</param>
/// <param name="device">Training device.</param>
internal sealed class TrainingTimeFit(BudgetSettings options, ChannelGroups groups, int step, Device device)
{
    private const int Rounds = 10;

    /// <summary>The second correction is measured at the widths that the first one leads to.</summary>
    private const int Corrections = 2;

    private const double LeastExponent = 0.25, GreatestExponent = 4;

    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(8);

    /// <param name="conditions">Conditions of the measurement.</param>
    /// <param name="cache">Has the exponents of earlier measurements.</param>
    /// <returns>The table with an exponent.</returns>
    public LatencyTable Fit(LatencyTable table, string conditions, MeasurementCache cache)
    {
        var limits = options.Limits;
        var excluded = string.Join(',', limits.Exclude);
        var identity = Encoding.UTF8.GetBytes(
            $"{excluded} {limits.MinChannels} {limits.MaxRatio:R}\n{groups.Definition.ToJson()}");
        var hash = Convert.ToHexStringLower(SHA256.HashData(identity))[..16];
        var corrected = table;
        for (var i = 1; i <= Corrections && Planner(corrected).IsReachable; i++)
        {
            var what = FormattableString.Invariant(
                $"{conditions}, correction {i} of network {hash}, target {options.Target.Ratio}, step {step}");
            corrected = table.With(cache.Get(what, () => Exponent(table, corrected)));
        }
        cache.Save();
        return corrected;
    }

    /// <summary>The exponent that turns the fraction of the table into the measured one.</summary>
    internal static double Exponent(double table, double measured) =>
        table is > 0 and < 1 && measured > 0
            ? Math.Clamp(Math.Log(measured) / Math.Log(table), LeastExponent, GreatestExponent)
            : 1;

    private double Exponent(LatencyTable table, LatencyTable corrected)
    {
        var random = new Random(1);
        double[] scores = [.. Enumerable.Range(0, groups.Groups.Sum(g => g.Width)).Select(_ => random.NextDouble())];
        var plan = Planner(corrected).Plan(groups, ChannelScores.Of(groups, scores, ScoreNormalization.GroupMean));
        var compact = new ChannelPruner(groups, plan).Definition;
        using var before = Probe(groups.Definition);
        using var after = Probe(compact);
        var times = TrainingProbe.MeasureInterleaved([before, after], Rounds, s_time);
        return Exponent(Planner(table).PredictedTime(ChannelGroups.Of(compact))!.Value, times[1] / times[0]);
    }

    private TargetPlanner Planner(LatencyTable table) => new(options, groups, step, () => table);

    private TrainingProbe Probe(NetworkDefinition network) => new(
        network,
        device,
        options.TrainingBatch,
        TrainableNetwork.TrainsChannelsLast(network, device, options.FusedNorms),
        options.Precision,
        options.FusedNorms);
}
