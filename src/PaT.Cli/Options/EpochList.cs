using System.Globalization;

namespace PaT.Cli;

/// <summary>Epochs with commas between them, such as <c>80,120</c>.</summary>
internal static class EpochList
{
    /// <summary>Reads ascending epochs.</summary>
    /// <param name="option">The option they come from, for the message.</param>
    /// <param name="text">What was typed.</param>
    /// <param name="epochs">Epochs of the run that they are of; each is 1 to one less.</param>
    /// <exception cref="InvalidOptionsException">It is something else.</exception>
    public static int[] Parse(string option, string text, int epochs)
    {
        var list = text.Split(',', StringSplitOptions.TrimEntries).Select(t => int.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0).ToArray();
        var ascending = list.Zip(list.Skip(1)).All(pair => pair.First < pair.Second);
        return ascending && list[0] >= 1 && list[^1] < epochs ? list
            : throw new InvalidOptionsException($"{option} must be ascending epochs of the run, 1 to {epochs - 1}, with commas between them, but is '{text}'");
    }
}
