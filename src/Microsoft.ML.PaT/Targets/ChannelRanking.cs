namespace Microsoft.ML.PaT;

/// <summary>
/// Spends a budget of channels by importance: all channels of all groups are ranked together, and the best are kept. Channels go in
/// chunks, so that widths come out as multiples of a step: a group's best chunk always stays, further ones are ranked by their mean score.
/// With a step of 1 this is the paper's global ranking.
/// </summary>
internal static class ChannelRanking
{
    /// <summary>The smallest and largest share of the neurons that can be removed.</summary>
    public static (double Least, double Most) Reachable(ChannelGroups groups, int step)
    {
        double all = groups.Neurons, floor = groups.Groups.Sum(g => Math.Min(g.Step(step), g.Width) * g.Neurons);
        return (0, all == 0 ? 0 : 1 - floor / all);
    }

    /// <summary>Chooses the channels that stay.</summary>
    /// <param name="groups">The groups; a channel of m coupled layers costs m.</param>
    /// <param name="scores">One score a channel.</param>
    /// <param name="budget">The neurons to keep.</param>
    /// <param name="step">Widths of layers are multiples of this, or the whole width of a group.</param>
    public static PruningPlan Keep(ChannelGroups groups, ChannelScores scores, double budget, int step)
    {
        var order = new List<int[]>();
        var chunks = new List<Chunk>();
        for (var g = 0; g < groups.Groups.Count; g++)
        {
            var score = scores.Values[g];
            // Stable: of equal channels the first stays, so the same scores always give the same plan.
            var byScore = Enumerable.Range(0, score.Length).OrderByDescending(c => score[c]).ToArray();
            order.Add(byScore);
            var together = groups.Groups[g].Step(step);
            for (var start = 0; start < byScore.Length; start += together)
            {
                var width = Math.Min(together, byScore.Length - start);
                chunks.Add(new(g, width, width * groups.Groups[g].Neurons, byScore.Skip(start).Take(width).Average(c => score[c]), start == 0));
            }
        }

        var kept = new int[groups.Groups.Count];
        var closed = new bool[groups.Groups.Count];
        var spent = 0.0;
        foreach (var chunk in chunks.OrderByDescending(c => c.First).ThenByDescending(c => c.Score))
        {
            // A chunk is taken when that brings the sum nearer to the budget; later ones of its group are no better.
            if (!chunk.First && (closed[chunk.Group] || spent + chunk.Neurons / 2.0 > budget))
            {
                closed[chunk.Group] = true;
                continue;
            }
            kept[chunk.Group] += chunk.Width;
            spent += chunk.Neurons;
        }
        return new(groups.Groups.Select((group, g) => (group.Name, order[g].Take(kept[g]).Order().ToArray())).ToDictionary(p => p.Name, p => p.Item2));
    }

    private readonly record struct Chunk(int Group, int Width, int Neurons, double Score, bool First);
}
