using System.Globalization;
using Microsoft.ML.PaT.Reporting;

namespace Microsoft.ML.PaT;

/// <summary>An epoch is over, or the run was canceled within it, and the network is evaluated.</summary>
/// <param name="Report">The epoch, as in <see cref="RunReport.Epochs"/>.</param>
public sealed record EpochEnded(EpochReport Report) : RunEvent
{
    /// <summary>Epochs of the whole run.</summary>
    public required int Epochs { get; init; }

    /// <summary>Output channels of all prunable layers of the present network.</summary>
    public required int Channels { get; init; }

    /// <summary>False when the run was canceled within the epoch.</summary>
    public bool IsComplete { get; init; } = true;

    /// <summary>Expected time to the end of the run, see <see cref="StepProgressed.Remaining"/>.</summary>
    public TimeSpan? Remaining { get; init; }

    /// <summary>The fraction of the run that is done, 0 to 1; without an epoch that is not complete.</summary>
    public double Fraction => (Epoch + (IsComplete ? 1.0 : 0.0)) / Epochs;

    /// <inheritdoc/>
    public override string Text => string.Create(
        CultureInfo.InvariantCulture,
        $"Epoch {Epoch} of 0 to {Epochs - 1} ({Report.Phase}{(IsComplete ? "" : ", not complete")}): " +
        $"loss {Report.TrainLoss:F4}{Accuracy}, " +
        $"{Report.ImagesPerSecond:F0} images/s.");

    private string Accuracy =>
        Report.Accuracy is { } fraction
            ? string.Create(CultureInfo.InvariantCulture, $", accuracy {fraction:0.00 %}")
            : "";
}
