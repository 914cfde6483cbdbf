namespace Microsoft.ML.PaT.Benchmark;

/// <summary>Rounds of two sides that take turns.</summary>
internal static class Sample
{
    /// <summary>Measures both sides in every round, the first one first in every other round.</summary>
    /// <param name="name">What is measured, for the line printed.</param>
    /// <param name="rounds">Rounds.</param>
    /// <param name="first">The first side: gives what it took.</param>
    /// <param name="second">The second side.</param>
    public static void Compare(string name, int rounds, Func<double> first, Func<double> second)
    {
        _ = first() + second(); // warm-up
        var (firsts, seconds) = (new double[rounds], new double[rounds]);
        for (var i = 0; i < rounds; i++)
        {
            if (i % 2 == 0) (firsts[i], seconds[i]) = (first(), second());
            else (seconds[i], firsts[i]) = (second(), first());
        }
        var ratio = Median(seconds) / Median(firsts);
        Console.WriteLine(FormattableString.Invariant($"{name} | {Text(firsts)} | {Text(seconds)} | {ratio:F2}"));
    }

    /// <summary>The median with the range.</summary>
    public static string Text(double[] values) =>
        FormattableString.Invariant($"{Median(values):G4} ({values.Min():G4} to {values.Max():G4})");

    private static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
