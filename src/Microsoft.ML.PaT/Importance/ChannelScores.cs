namespace Microsoft.ML.PaT;

/// <summary>One importance a channel: a list for each group in the order of <see cref="ChannelGroups.Groups"/>, higher is more important.</summary>
internal sealed class ChannelScores
{
    private ChannelScores(IReadOnlyList<double[]> values) => Values = values;

    /// <summary>For each group, one score a channel.</summary>
    public IReadOnlyList<double[]> Values { get; }

    /// <summary>Cuts the scores of all groups, one after the other, into groups and makes them comparable.</summary>
    /// <param name="groups">The groups.</param>
    /// <param name="flat">The scores of all channels of all groups.</param>
    /// <param name="normalization">How groups are made comparable.</param>
    public static ChannelScores Of(ChannelGroups groups, ReadOnlySpan<double> flat, ScoreNormalization normalization)
    {
        var values = new List<double[]>();
        var start = 0;
        foreach (var group in groups.Groups)
        {
            var scores = flat.Slice(start, group.Width).ToArray();
            start += group.Width;
            // A score that is no number must not decide a ranking by accident.
            for (var i = 0; i < scores.Length; i++)
            {
                if (!double.IsFinite(scores[i])) scores[i] = 0;
            }
            var mean = scores.Average();
            if (normalization == ScoreNormalization.GroupMean && mean > 0) scores = Array.ConvertAll(scores, s => s / mean);
            values.Add(scores);
        }
        return new(values);
    }
}
