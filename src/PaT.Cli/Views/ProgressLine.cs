using System.CommandLine;
using System.Globalization;
using System.Text;

namespace PaT.Cli;

/// <summary>
/// Events of a run as lines. Progress and epochs have at most 78 characters: with a margin they fit 80 columns.
/// </summary>
internal static class ProgressLine
{
    /// <summary>Returns null for details that only files record.</summary>
    /// <param name="parsed">The command line, whose options the line names; null for any.</param>
    public static string? Of(RunEvent happened, ParseResult? parsed = null) => happened switch
    {
        StepProgressed progress => Of(progress),
        EpochEnded ended => Of(ended),
        SubNetworkObserved or CheckpointWritten => null,
        { Severity: RunEventSeverity.Warning } => $"Warning: {OptionNames.In(happened.Text, parsed)}",
        _ => OptionNames.In(happened.Text, parsed),
    };

    public static string Of(StepProgressed progress)
    {
        var line = Line(progress.Epoch, progress.Fraction, progress.Phase, progress.ImagesPerSecond, progress.Loss);
        return Complete(line, progress.Epi, progress.Remaining);
    }

    public static string Of(EpochEnded ended)
    {
        var report = ended.Report;
        var line = Line(ended.Epoch, ended.Fraction, report.Phase, report.ImagesPerSecond, report.TrainLoss);
        if (report.Accuracy is { } accuracy) line.Append(CultureInfo.InvariantCulture, $" acc {accuracy:0.0%}");
        if (!ended.IsComplete) return line.Append(" (stopped within it)").ToString();
        return Complete(line, report.Epi, ended.Fraction < 1 ? ended.Remaining : null);
    }

    private static StringBuilder Line(
        int epoch, double fraction, TrainingPhase phase, double imagesPerSecond, double loss)
    {
        var name = phase.ToString().ToLowerInvariant();
        return new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"epoch {epoch,2} {100 * fraction,3:F0}% {name,-7}")
            .Append(CultureInfo.InvariantCulture, $" {imagesPerSecond,6:F0} img/s loss {loss:F3}");
    }

    private static string Complete(StringBuilder line, double? epi, TimeSpan? remaining)
    {
        if (epi is { } indicator) line.Append(CultureInfo.InvariantCulture, $" EPI {indicator:F4}");
        if (remaining is { } left)
        {
            line.Append(left.TotalHours < 1
                ? $" {left.Minutes}:{left.Seconds:00} left"
                : $" {(int)left.TotalHours}h{left.Minutes:00} left");
        }
        return line.ToString();
    }
}
