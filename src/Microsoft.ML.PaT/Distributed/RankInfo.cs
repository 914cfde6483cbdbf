using System.Globalization;

namespace Microsoft.ML.PaT;

/// <summary>What a rank says of itself when it joins a group.</summary>
/// <param name="Rank">Its number.</param>
/// <param name="WorldSize">How many ranks it expects.</param>
/// <param name="Address">Where the others reach it.</param>
/// <param name="Host">The name of its machine.</param>
internal sealed record RankInfo(int Rank, int WorldSize, string Address, string Host)
{
    /// <summary>One line.</summary>
    public string Write() => string.Create(CultureInfo.InvariantCulture, $"{Rank} {WorldSize} {Address} {Host}");

    /// <summary>From that line.</summary>
    public static RankInfo Read(string line)
    {
        var parts = line.Split(' ', 4);
        return new(int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture), parts[2], parts[3]);
    }
}
