namespace Microsoft.ML.PaT.Pruning.Budget;

/// <summary>One score per channel: a list for each group in the order of <see cref="ChannelGroups.Groups"/>.</summary>
internal sealed class ChannelScores
{
    private ChannelScores(IReadOnlyList<double[]> values, IReadOnlyList<string> dead) =>
        (Values, Dead) = (values, dead);

    /// <summary>Scores per group and channel; higher means more important.</summary>
    public IReadOnlyList<double[]> Values { get; }

    /// <summary>Names of the groups in which every score is 0 or not finite.</summary>
    public IReadOnlyList<string> Dead { get; }

    /// <summary>Assigns scores to the groups and normalizes them.</summary>
    /// <param name="ranking">Scope of the ranking.</param>
    /// <param name="masks">Channels masked in earlier rounds; null for none.</param>
    public static ChannelScores Of(
        ChannelGroups groups,
        ReadOnlySpan<double> flat,
        ScoreNormalization normalization,
        RankingScope ranking = RankingScope.Global,
        RoundMasks? masks = null)
    {
        var values = new List<double[]>();
        var dead = new List<string>();
        var start = 0;
        foreach (var group in groups.Groups)
        {
            var scores = flat.Slice(start, group.Width).ToArray();
            var masked = masks?.Of(start, group.Width) ?? new bool[group.Width];
            // A NaN must not affect a ranking by chance.
            for (var i = 0; i < scores.Length; i++)
            {
                if (!double.IsFinite(scores[i])) scores[i] = 0;
            }
            if (scores.All(s => s == 0)) dead.Add(group.Name);
            if (ranking == RankingScope.PerLayer)
            {
                masks?.PutLast([scores], start);
                values.Add(Places(scores));
            }
            else
            {
                values.Add(Normalized(scores, masked, normalization));
            }
            start += group.Width;
        }
        if (ranking == RankingScope.Global) masks?.PutLast(values, start: 0);
        return new(values, dead);
    }

    private static double[] Normalized(double[] scores, bool[] masked, ScoreNormalization normalization)
    {
        var counted = scores.Where((_, c) => !masked[c]).ToArray();
        var unit = normalization switch
        {
            ScoreNormalization.GroupMean => counted.Select(Math.Abs).DefaultIfEmpty(0).Average(),
            ScoreNormalization.GroupNorm => Math.Sqrt(counted.Sum(s => s * s)),
            _ => 1,
        };
        return unit > 0 ? Array.ConvertAll(scores, s => s / unit) : scores;
    }

    /// <summary>
    /// Rank of each channel in its group, from 0 (least important) to 1. Ranking these globally removes the same ratio
    /// of every group.
    /// </summary>
    private static double[] Places(double[] scores)
    {
        var places = new double[scores.Length];
        // Of equal channels the first has the higher rank, as everywhere.
        var order = Enumerable.Range(0, scores.Length).OrderByDescending(c => scores[c]).ToArray();
        for (var place = 0; place < order.Length; place++) places[order[place]] = 1 - (place + 0.5) / order.Length;
        return places;
    }
}
