using System.Xml.Linq;
using static Microsoft.ML.PaT.Shared.Html;
using static Microsoft.ML.PaT.Shared.DisplayText;

namespace Microsoft.ML.PaT.Reporting;

/// <summary>Charts of the page.</summary>
internal static class HtmlReportCharts
{
    /// <summary>Curves of the run over its epochs, compared with the reference if there is one.</summary>
    public static IEnumerable<XElement?> Training(RunReport report, RunReport? reference)
    {
        yield return Indicator(report);
        yield return new LineChart(
            "Fraction of the kept channels that changed since the last observation",
            Percent,
            fromZero: true,
            new Curve(
                "churn",
                "run",
                [.. report.Observations.Where(o => o.Churn is not null).Select(o => (o.At, o.Churn!.Value))])).Draw();
        yield return OverEpochs(
            "Validation accuracy", Percent, fromZero: false, epoch => epoch.Accuracy, report, reference);
        yield return OverEpochs("Training loss", Number, fromZero: true, epoch => epoch.TrainLoss, report, reference);
        yield return OverEpochs(
            "Training speed, images/s", Count, fromZero: true, epoch => epoch.ImagesPerSecond, report, reference);
        yield return OverEpochs(
            "Learning rate, last step of the epoch",
            Number,
            fromZero: true,
            epoch => epoch.LearningRate,
            report,
            reference: null);
    }

    /// <summary>A bar for the run and one for the reference at the same scale.</summary>
    public static XElement? Timeline(RunReport report, RunReport? reference)
    {
        var longest = Math.Max(report.Seconds.Total, reference?.Seconds.Total ?? 0);
        return longest <= 0 ? null : Element("div", Class("timeline"),
            Bar("pruning-aware", report.Seconds, longest),
            reference is null ? null : Bar("dense reference", reference.Seconds, longest));
    }

    private static XElement? Indicator(RunReport report)
    {
        var taus = report.Observations.Where(o => o.Tau is not null).Select(o => (o.At, Tau: o.Tau!.Value)).ToList();
        var constant = taus.Select(t => t.Tau).Distinct().Count() == 1;
        var chart = new LineChart("Early Pruning Indicator", Number, fromZero: false,
            new Curve("threshold τ", "threshold", constant ? [] : taus),
            new Curve(
                "similarity to the last structure Ψ",
                "faint",
                [.. report.Observations.Where(o => o.Psi is not null).Select(o => (o.At, o.Psi!.Value))]),
            new Curve(
                "EPI",
                "run",
                [.. report.Observations.Where(o => o.Epi is not null).Select(o => (o.At, o.Epi!.Value))]));
        if (constant)
        {
            chart.AddLevel("threshold τ", "threshold", taus[0].Tau);
        }
        if (report.Observations.LastOrDefault(o => o.Prune) is { } trigger)
        {
            chart.AddMoment("pruned", trigger.At);
        }
        return chart.Draw();
    }

    private static XElement? OverEpochs(
        string title,
        Func<double, string> format,
        bool fromZero,
        Func<EpochReport, double?> value,
        RunReport report,
        RunReport? reference)
    {
        static IReadOnlyList<(double, double)> Points(RunReport run, Func<EpochReport, double?> value) =>
            [
                .. run
                    .Epochs.Where(epoch => value(epoch) is not null)
                    .Select(epoch => ((double)epoch.Epoch, value(epoch)!.Value)),
            ];
        Curve[] curves = [new("this run", "run", Points(report, value))];
        if (reference is not null)
        {
            curves = [new("dense reference", "reference", Points(reference, value)), .. curves];
        }
        var chart = new LineChart(title, format, fromZero, curves);
        if (report.PruneEpoch is { } epoch)
        {
            chart.AddMoment("pruned", epoch);
        }
        return chart.Draw();
    }

    private static XElement Bar(string name, SecondsReport seconds, double longest)
    {
        var rest = Math.Max(0, seconds.Total - seconds.Dense - seconds.Pruning - seconds.Compact);
        (string Name, string Style, double Seconds)[] parts =
        [
            ("dense", "dense", seconds.Dense), ("pruning", "pruning", seconds.Pruning),
            ("compact", "compact", seconds.Compact),
            ("outside the training loop", "rest", rest),
        ];
        parts = [.. parts.Where(part => part.Seconds > 0)];
        var starts = parts.Select((_, i) => parts.Take(i).Sum(part => part.Seconds)).ToList();
        return Element("figure",
            Element("figcaption", $"{name}: {Seconds(seconds.Total)}"),
            Element(
                "svg",
                Class("phases"),
                Attribute("viewBox", "0 0 1000 30"),
                Attribute("preserveAspectRatio", "none"),
                Attribute("role", "img"),
                Attribute(
                    "aria-label",
                    $"{name}: " + string.Join(", ", parts.Select(part => $"{part.Name} {Seconds(part.Seconds)}"))),
                parts.Select((part, i) => Element("rect", Class(part.Style), Attribute("height", "30"),
                            Attribute("x", Coordinate(1000 * starts[i] / longest)),
                            Attribute("width", Coordinate(1000 * part.Seconds / longest)),
                    Element("title", $"{part.Name}: {Seconds(part.Seconds)}")))),
            Element("p", Class("legend"), parts.Select(part =>
                    Element(
                        "span",
                        Element("i", Class($"key block {part.Style}"), Attribute("aria-hidden", "true")),
                        $"{part.Name} {Seconds(part.Seconds)}"))),
            seconds.Indicator > 0
                ? Element("p", Class("note"), $"of which the indicator: {Seconds(seconds.Indicator)}")
                : null);
    }
}
