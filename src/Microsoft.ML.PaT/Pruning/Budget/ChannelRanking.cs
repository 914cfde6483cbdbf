namespace Microsoft.ML.PaT.Pruning.Budget;

/// <summary>
/// Selects channels by importance within a budget. Channels are removed in chunks, so that widths are multiples of a
/// step: the worst channels of a group form its last chunk, the best its first, which is always kept. Chunks of all
/// groups are removed in ascending order of their mean score until the cost, counted exactly after each, is within the
/// budget. A smaller budget removes the same chunks and more. With a step of 1, this is the paper's global ranking
/// (docs/decisions/targets.md).
/// </summary>
internal static class ChannelRanking
{
    /// <summary>Selects the kept channels by their number.</summary>
    /// <param name="groups">The groups; a channel of m coupled layers costs m.</param>
    /// <param name="step">Widths are multiples of this, or the full width of a group.</param>
    public static PruningPlan Keep(ChannelGroups groups, ChannelScores scores, double budget, int step) =>
        Keep(WidthCost.Of(PruningTargetKind.Channels, groups), scores, budget, step);

    /// <summary>Selects the kept channels.</summary>
    /// <param name="step">Widths are multiples of this, or the full width of a group.</param>
    /// <param name="floors">Minimum number of channels per group; null for one.</param>
    /// <param name="atLeast">Whether to remove the last chunk, which brings the cost to or below the budget; otherwise
    /// the cost stays at or above it.</param>
    public static PruningPlan Keep(
        WidthCost cost,
        ChannelScores scores,
        double budget,
        int step,
        IReadOnlyList<int>? floors = null,
        bool atLeast = true)
    {
        var groups = cost.Groups.Groups;
        var order = scores.Values.Select(Best).ToList();
        var chunks = Chunks(cost.Groups, step, floors).ToArray();
        var score = Array.ConvertAll(chunks, c => Mean(scores.Values[c.Group], Channels(c)));
        var sequence = Enumerable.Range(0, chunks.Length).ToArray();
        // Of equal chunks the later one is removed first, so the plan is deterministic, and a group loses its chunks
        // from the end.
        Array.Sort(sequence, (a, b) => score[a].CompareTo(score[b]) is var less and not 0 ? less : b.CompareTo(a));

        var kept = groups.Select(g => g.Width).ToArray();
        var meter = cost.Start();
        // Rounding tolerance: a budget that is met exactly must not cost another chunk.
        var limit = budget + 1e-9 * cost.Full;
        foreach (var chunk in sequence.Select(i => chunks[i]))
        {
            if (meter.Value <= limit) break;
            meter.Remove(chunk.Group, Channels(chunk));
            if (!atLeast && meter.Value < budget - 1e-9 * cost.Full) break;
            kept[chunk.Group] = chunk.Start;
        }
        return new(
            groups.Select((group, g) => (group.Name, Channels: order[g][..kept[g]].Order().ToArray()))
                .ToDictionary(p => p.Name, p => p.Channels));

        ReadOnlySpan<int> Channels(Chunk chunk) => order[chunk.Group].AsSpan(chunk.Start, chunk.Width);
    }

    /// <summary>
    /// Selects the kept channels when costs differ more than importance (HALP): repeatedly removes, among the last
    /// chunks of all groups, the one with the least importance per saved cost, and updates the costs. Importance is the
    /// sum of the scores.
    /// </summary>
    /// <inheritdoc cref="Keep(WidthCost, ChannelScores, double, int, IReadOnlyList{int}?, bool)" path="/param"/>
    public static PruningPlan KeepByPrice(
        WidthCost cost,
        ChannelScores scores,
        double budget,
        int step,
        IReadOnlyList<int>? floors = null,
        bool atLeast = true)
    {
        var groups = cost.Groups.Groups;
        var order = scores.Values.Select(Best).ToList();
        var chunks = Chunks(cost.Groups, step, floors).ToLookup(c => c.Group);
        var left = groups.Select((_, g) => new Stack<Chunk>(chunks[g])).ToList();
        var kept = groups.Select(g => g.Width).ToArray();
        var meter = cost.Start();
        var neighbors = meter.Neighbors();
        var price = groups.Select((_, g) => Price(g)).ToArray();
        while (meter.Value > budget + 1e-9 * cost.Full)
        {
            var cheapest = Array.IndexOf(price, price.DefaultIfEmpty(double.PositiveInfinity).Min());
            if (cheapest < 0 || double.IsPositiveInfinity(price[cheapest])) break;
            var chunk = left[cheapest].Pop();
            meter.Remove(cheapest, Channels(chunk));
            if (!atLeast && meter.Value < budget - 1e-9 * cost.Full) break;
            kept[cheapest] = chunk.Start;
            price[cheapest] = Price(cheapest); // a group without terms has no neighbors, not even itself
            foreach (var group in neighbors[cheapest]) price[group] = Price(group);
        }
        return new(
            groups.Select((group, g) => (group.Name, Channels: order[g][..kept[g]].Order().ToArray()))
                .ToDictionary(p => p.Name, p => p.Channels));

        ReadOnlySpan<int> Channels(Chunk chunk) => order[chunk.Group].AsSpan(chunk.Start, chunk.Width);

        double Price(int group)
        {
            if (!left[group].TryPeek(out var chunk)) return double.PositiveInfinity;
            var channels = Channels(chunk);
            var importance = Mean(scores.Values[group], channels) * channels.Length;
            var saving = meter.Saving(group, channels);
            if (importance > 0) return importance / Math.Max(saving, 1e-12 * cost.Full);
            // Removing these improves the network: those that save most go first, those that save nothing last.
            return saving > 1e-12 * cost.Full ? importance * saving : double.MaxValue;
        }
    }

    /// <summary>The chunks that may be removed, from the first to the last of each group.</summary>
    public static IEnumerable<Chunk> Chunks(ChannelGroups groups, int step, IReadOnlyList<int>? floors)
    {
        for (var g = 0; g < groups.Groups.Count; g++)
        {
            var (width, chunk) = (groups.Groups[g].Width, groups.Groups[g].Step(step));
            for (var start = chunk; start < width; start += chunk)
            {
                if (start >= (floors?[g] ?? 1)) yield return new(g, start, Math.Min(chunk, width - start));
            }
        }
    }

    private static int[] Best(double[] scores)
    {
        // Stable: of equal channels the first is kept.
        var order = Enumerable.Range(0, scores.Length).ToArray();
        Array.Sort(order, (a, b) => scores[b].CompareTo(scores[a]) is var less and not 0 ? less : a.CompareTo(b));
        return order;
    }

    private static double Mean(double[] scores, ReadOnlySpan<int> channels)
    {
        var sum = 0.0;
        foreach (var channel in channels) sum += scores[channel];
        return sum / channels.Length;
    }

    /// <summary>
    /// Channels of a group that are removed together: those from place <paramref name="Start"/> on, best first.
    /// </summary>
    internal readonly record struct Chunk(int Group, int Start, int Width);
}
