namespace Microsoft.ML.PaT.Pruning.Budget;

/// <summary>One score per channel: a list for each group in the order of <see cref="ChannelGroups.Groups"/>.</summary>
internal sealed class ChannelScores
{
    private ChannelScores(IReadOnlyList<double[]> values) => Values = values;

    /// <summary>For each group, one score per channel; higher is more important.</summary>
    public IReadOnlyList<double[]> Values { get; }

    /// <summary>Divides scores among the groups and makes groups comparable.</summary>
    /// <param name="groups">The groups.</param>
    /// <param name="flat">The scores of all channels, group after group.</param>
    /// <param name="normalization">How groups are made comparable.</param>
    /// <param name="ranking">What channels are ranked against.</param>
    public static ChannelScores Of(
        ChannelGroups groups, ReadOnlySpan<double> flat, ScoreNormalization normalization, RankingScope ranking = RankingScope.Global)
    {
        var values = new List<double[]>();
        var start = 0;
        foreach (var group in groups.Groups)
        {
            var scores = flat.Slice(start, group.Width).ToArray();
            start += group.Width;
            // A score that is not a number must not decide a ranking by accident.
            for (var i = 0; i < scores.Length; i++)
            {
                if (!double.IsFinite(scores[i])) scores[i] = 0;
            }
            values.Add(ranking == RankingScope.PerLayer ? Places(scores) : Normalized(scores, normalization));
        }
        return new(values);
    }

    private static double[] Normalized(double[] scores, ScoreNormalization normalization)
    {
        var unit = normalization switch
        {
            ScoreNormalization.GroupMean => scores.Average(Math.Abs),
            ScoreNormalization.GroupNorm => Math.Sqrt(scores.Sum(s => s * s)),
            _ => 1,
        };
        return unit > 0 ? Array.ConvertAll(scores, s => s / unit) : scores;
    }

    /// <summary>
    /// The rank of each channel within its group, from 0 (least important) to 1. Ranking these together removes the same
    /// ratio of every group.
    /// </summary>
    private static double[] Places(double[] scores)
    {
        var places = new double[scores.Length];
        // Of equal channels the first ranks higher, as everywhere.
        var order = Enumerable.Range(0, scores.Length).OrderByDescending(c => scores[c]).ToArray();
        for (var place = 0; place < order.Length; place++) places[order[place]] = 1 - (place + 0.5) / order.Length;
        return places;
    }
}
