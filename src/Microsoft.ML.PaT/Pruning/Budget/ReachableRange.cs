using System.Globalization;

namespace Microsoft.ML.PaT.Pruning.Budget;

/// <summary>
/// The range of ratios that a target can reach on a network: the smallest, the middle and the largest.
/// </summary>
internal sealed record ReachableRange(
    PruningTargetKind Kind, int Step, ReachableNetwork Least, ReachableNetwork Half, ReachableNetwork Most)
{
    /// <param name="floors">Minimum number of channels per group.</param>
    /// <param name="exponent">Power of the fraction of the cost that the target means.</param>
    public static ReachableRange Of(
        PruningTargetKind kind, WidthCost cost, IReadOnlyList<int> floors, int step, double exponent = 1)
    {
        var chunks = ChannelRanking.Chunks(cost.Groups, step, floors).ToList();
        var least = chunks.Where(c => c.Start + c.Width == cost.Groups.Groups[c.Group].Width)
            .OrderByDescending(c => Cost(cost, [c]))
            .Take(1)
            .ToList();
        // Chunks are removed from the end of every group.
        var half = chunks.GroupBy(c => c.Group).SelectMany(g => g.Reverse().Take(g.Count() / 2)).ToList();
        return new(kind, step, Network(least), Network(half), Network(chunks));

        ReachableNetwork Network(List<ChannelRanking.Chunk> gone) => new(
            cost.Full > 0 ? 1 - Math.Pow(Cost(cost, gone) / cost.Full, exponent) : 0,
            (long)Cost(WidthCost.Of(PruningTargetKind.Channels, cost.Groups), gone),
            (long)Math.Round(Cost(WidthCost.Of(PruningTargetKind.Parameters, cost.Groups), gone)),
            (long)Math.Round(Cost(WidthCost.Of(PruningTargetKind.Macs, cost.Groups), gone)));
    }

    public override string ToString() => string.Join(Environment.NewLine,
        $"Reachable ratios by {Kind.Name()}, with widths in steps of {Step}:",
        "             removed    channels  parameters  million MACs",
        Row("least", Least), Row("half", Half), Row("most", Most));

    private static string Row(string name, ReachableNetwork n) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"  {name, -6}  {n.Ratio, 9:P1} {n.Channels, 11:N0} {n.Parameters, 11:N0} {n.Macs / 1e6, 13:N1}");

    private static double Cost(WidthCost cost, List<ChannelRanking.Chunk> gone)
    {
        var meter = cost.Start();
        foreach (var chunk in gone) meter.Remove(chunk.Group, [.. Enumerable.Range(chunk.Start, chunk.Width)]);
        return meter.Value;
    }
}

/// <summary>A network that pruning can reach.</summary>
/// <param name="Ratio">Removed fraction of the target's cost, 0 to 1.</param>
internal sealed record ReachableNetwork(double Ratio, long Channels, long Parameters, long Macs);
