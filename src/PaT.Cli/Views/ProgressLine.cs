using System.Globalization;
using System.Text;

namespace PaT.Cli;

/// <summary>A moment of a run as one line that fits a terminal of 80 columns.</summary>
internal static class ProgressLine
{
    /// <summary>Writes the line.</summary>
    /// <param name="value">The moment.</param>
    public static string Of(TrainingProgress value)
    {
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"epoch {value.Epoch,2} {100 * value.Fraction,3:F0}% {value.Phase.ToString().ToLowerInvariant(),-7}");
        line.Append(CultureInfo.InvariantCulture, $" {value.ImagesPerSecond,6:N0} images/s loss {value.Loss:F3}");
        if (value.Accuracy is { } accuracy)
        {
            line.Append(CultureInfo.InvariantCulture, $" acc {100 * accuracy:F1}%");
        }

        if (value.Epi is { } epi)
        {
            line.Append(CultureInfo.InvariantCulture, $" EPI {epi:F4}");
        }

        if (value.Remaining is { } left && !(value.EpochEnded && value.Fraction >= 1))
        {
            line.Append(CultureInfo.InvariantCulture, $" {(int)left.TotalMinutes}:{left.Seconds:00} left");
        }

        return line.ToString();
    }
}
