using System.Globalization;

namespace PaT.Cli;

/// <summary>Epochs with commas between them, such as <c>80,120</c>.</summary>
internal static class EpochList
{
    /// <summary>Reads ascending epochs.</summary>
    /// <param name="epochs">Epochs of the run. Values are 1 to <paramref name="epochs"/> - 1.</param>
    /// <exception cref="InvalidOptionsException">The value is not a list of ascending epochs.</exception>
    public static int[] Parse(string option, string text, int epochs)
    {
        var list = Array.ConvertAll(text.Split(',', StringSplitOptions.TrimEntries), Number);
        var isAscending = list.Zip(list.Skip(1)).All(pair => pair.First < pair.Second);
        return isAscending && list[0] >= 1 && list[^1] < epochs
            ? list
            : throw new InvalidOptionsException(CliErrorCodes.ArgumentInvalid,
                $"{option} must be ascending epochs of the run, 1 to {epochs - 1}, with commas between them, but is "
                + $"'{text}'");
    }

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
