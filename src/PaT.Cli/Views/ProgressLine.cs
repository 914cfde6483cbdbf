using System.Globalization;
using System.Text;

namespace PaT.Cli;

/// <summary>An event of a run as one line; progress and epochs fit a terminal of 80 columns.</summary>
internal static class ProgressLine
{
    /// <summary>The line of an event; null for details that only files record.</summary>
    public static string? Of(RunEvent happened) => happened switch
    {
        StepProgressed progress => Of(progress),
        EpochEnded ended => Of(ended),
        SubNetworkObserved or CheckpointWritten => null,
        { Severity: RunEventSeverity.Warning } => $"Warning: {happened.Text}",
        _ => happened.Text,
    };

    /// <summary>Where a run stands within an epoch.</summary>
    public static string Of(StepProgressed progress) => Line(
        progress.Epoch, progress.Fraction, progress.Phase, progress.ImagesPerSecond, progress.Loss, accuracy: null, progress.Epi, progress.Remaining);

    /// <summary>An epoch that is over.</summary>
    public static string Of(EpochEnded ended) => Line(
        ended.Epoch, ended.Fraction, ended.Report.Phase, ended.Report.ImagesPerSecond, ended.Report.TrainLoss, ended.Report.Accuracy,
        ended.Report.Epi, ended.Fraction < 1 ? ended.Remaining : null);

    private static string Line(
        int epoch, double fraction, TrainingPhase phase, double imagesPerSecond, double loss, double? accuracy, double? epi, TimeSpan? remaining)
    {
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"epoch {epoch,2} {100 * fraction,3:F0}% {phase.ToString().ToLowerInvariant(),-7}");
        line.Append(CultureInfo.InvariantCulture, $" {imagesPerSecond,6:N0} images/s loss {loss:F3}");
        if (accuracy is { } correct)
        {
            line.Append(CultureInfo.InvariantCulture, $" acc {100 * correct:F1}%");
        }

        if (epi is { } indicator)
        {
            line.Append(CultureInfo.InvariantCulture, $" EPI {indicator:F4}");
        }

        if (remaining is { } left)
        {
            line.Append(CultureInfo.InvariantCulture, $" {(int)left.TotalMinutes}:{left.Seconds:00} left");
        }

        return line.ToString();
    }
}
