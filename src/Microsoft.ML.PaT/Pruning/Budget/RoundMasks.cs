namespace Microsoft.ML.PaT.Pruning.Budget;

/// <summary>Channels that a criterion of several rounds has masked.</summary>
/// <param name="maskedIn">For each channel of all groups the round that masked it, from 1; 0 for none.</param>
/// <param name="rounds">Number of rounds.</param>
internal sealed class RoundMasks(int[] maskedIn, int rounds)
{
    /// <summary>Whether each channel of a group is masked.</summary>
    /// <param name="start">Index of its first channel among all.</param>
    public bool[] Of(int start, int width) => Array.ConvertAll(maskedIn[start..(start + width)], round => round > 0);

    /// <summary>
    /// Makes masked channels score below all others, most recently masked first, so that width rounding can restore
    /// them.
    /// </summary>
    /// <param name="scores">Scores of consecutive groups.</param>
    /// <param name="start">Index of their first channel among all.</param>
    public void PutLast(IReadOnlyList<double[]> scores, int start)
    {
        var channel = start;
        var least = double.PositiveInfinity;
        foreach (var score in scores.SelectMany(group => group))
        {
            if (maskedIn[channel++] == 0) least = Math.Min(least, score);
        }
        if (double.IsPositiveInfinity(least)) least = 0;
        var unit = least > 0 ? least : 1 - least;
        channel = start;
        foreach (var group in scores)
        {
            for (var c = 0; c < group.Length; c++, channel++)
            {
                if (maskedIn[channel] > 0) group[c] = least - unit * (rounds - maskedIn[channel]) / rounds;
            }
        }
    }
}
