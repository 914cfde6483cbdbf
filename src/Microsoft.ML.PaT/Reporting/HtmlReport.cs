using System.Text;
using System.Xml.Linq;
using Microsoft.ML.PaT.Reporting;
using static Microsoft.ML.PaT.Shared.Html;
using static Microsoft.ML.PaT.Shared.HtmlPage;
using static Microsoft.ML.PaT.Shared.DisplayText;

namespace Microsoft.ML.PaT;

/// <summary>
/// Writes a run as a self-contained HTML file that needs no network and no scripts and follows the reader's color
/// scheme.
/// </summary>
public static class HtmlReport
{
    /// <summary>Writes the page. Replaces an existing file atomically.</summary>
    /// <param name="report">The run.</param>
    /// <param name="path">Path of the file, usually <c>report.html</c>.</param>
    /// <param name="reference">The dense run to compare with (same images, seed and epochs, never pruned); default
    /// null: none.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(RunReport report, string path, RunReport? reference = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var page = ToHtml(report, reference);
        AtomicFile.Write(path, file => file.Write(Encoding.UTF8.GetBytes(page)));
    }

    /// <summary>Returns the page as text, which is also well-formed XML.</summary>
    /// <param name="report">The run.</param>
    /// <param name="reference">The dense run to compare with; default null: none.</param>
    public static string ToHtml(RunReport report, RunReport? reference = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        var title = report.Dataset.Length > 0 ? $"{report.Network} on {report.Dataset}" : report.Network;
        return HtmlPage.Of($"{title}: pruning-aware training", title, new HtmlReportRecipe(report).Subtitle,
            Section("When and why it pruned", Element("p", Class("lead"), Story(report))),
            Section("Result", HtmlReportTables.Cost(report, reference)),
            Section("Latency", HtmlReportCosts.Latency(report), HtmlReportCosts.LatencyRemark(report)),
            Section(
                "Training time",
                HtmlReportCharts.Timeline(report, reference),
                HtmlReportCosts.Ledger(report, reference)),
            Section("Training", Element("div", Class("charts"), HtmlReportCharts.Training(report, reference))),
            Section("Classes", HtmlReportClasses.All(report)),
            Section("Widths", HtmlReportTables.Widths(report)),
            Section(
                "Observations of the policy",
                HtmlReportLegend.Observations(report),
                HtmlReportTables.Observations(report)),
            Section("Epochs", HtmlReportTables.Epochs(report)),
            Section("Images", Images(report.Images)));
    }

    private static string Story(RunReport report)
    {
        var stopped = report.Stopped ? " The run was stopped before its last epoch." : "";
        if (report.Compact is not { } compact)
        {
            return $"No channel was removed: the network has {Count(report.Dense.Parameters)} parameters.{stopped}";
        }
        var reason = report.PruneReason is { Length: > 0 } why ? $": {why.TrimEnd('.')}" : "";
        var retrained = report.Retraining is { } r
            ? $" Retrained from epoch {r.FromEpoch} for {r.Epochs} epochs by the schedule {r.Schedule}."
            : "";
        return $"Pruned from {Count(report.Dense.Parameters)} to {Count(compact.Parameters)} parameters in epoch "
            + $"{report.PruneEpoch} (from 0){reason}.{retrained}{stopped}";
    }

    private static IEnumerable<XElement?> Images(DatasetReport images)
    {
        yield return Element(
            "p",
            $"{Count(images.Training)} for training, {Count(images.Validation)} for validation, "
                + $"{Count(images.UnreadableCount)} skipped because they could not be read.");
        if (images.Unreadable.Count > 0)
        {
            yield return Element("details",
                Element("summary", $"The first {images.Unreadable.Count} that could not be read"),
                Element("ul", images.Unreadable.Select(name => Element("li", name))));
        }
    }
}
