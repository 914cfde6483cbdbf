using System.Xml.Linq;
using static Microsoft.ML.PaT.Shared.Html;
using static Microsoft.ML.PaT.Shared.DisplayText;

namespace Microsoft.ML.PaT.Reporting;

/// <summary>Tables of the page.</summary>
internal static class HtmlReportTables
{
    /// <summary>Cost and accuracy of the dense and the compact network.</summary>
    public static XElement Cost(RunReport report, RunReport? reference)
    {
        var latency = new HtmlReportRecipe(report).Latency;
        if (report.Compact is not { } compact)
        {
            return Table("Cost and accuracy", ["", "dense"],
            [
                ["Parameters", Count(report.Dense.Parameters)],
                ["Multiply-accumulates, one image", Macs(report.Dense.Macs)],
                [latency, Latency(report.Dense)],
                ["Training speed, median images/s", Speed(report.ImagesPerSecond(TrainingPhase.Dense))],
                ["Test accuracy", Accuracy(report)],
                ["Seconds to train", Seconds(report.Seconds.Total)],
            ]);
        }
        var dense = report.Dense;
        var slow = (reference ?? report).ImagesPerSecond(TrainingPhase.Dense);
        var fast = report.ImagesPerSecond(TrainingPhase.Compact);
        var caption = reference is null
            ? "Dense is the network before pruning; it was not tested, so it has no accuracy and no time of its own"
            : $"Dense is a run of its own with {Shared(report, reference)}, never pruned";
        return Table(
            caption,
            ["", "dense", "compact", "change"],
            [
                [
                    "Parameters",
                    Count(dense.Parameters),
                    Count(compact.Parameters),
                    Change(dense.Parameters, compact.Parameters),
                ],
                [
                    "Multiply-accumulates, one image",
                    Macs(dense.Macs),
                    Macs(compact.Macs),
                    Change(dense.Macs, compact.Macs),
                ],
                [
                    latency,
                    Latency(dense),
                    Latency(compact),
                    dense.LatencyMs is { } before && compact.LatencyMs is { } after ? Change(before, after) : None,
                ],
                [
                    "Training speed, median images/s",
                    Speed(slow),
                    Speed(fast),
                    slow is { } s && fast is { } f ? Factor(s, f) : None,
                ],
                [
                    "Test accuracy",
                    reference is null ? None : Accuracy(reference),
                    Accuracy(report),
                    AccuracyChange(report, reference),
                ],
                [
                    "Seconds to train",
                    reference is null ? None : Seconds(reference.Seconds.Total),
                    Seconds(report.Seconds.Total),
                    reference is null ? None : Change(reference.Seconds.Total, report.Seconds.Total),
                ],
            ]);
    }

    /// <summary>Channels per layer before and after pruning, with a bar; null without layers to prune.</summary>
    public static XElement? Widths(RunReport report)
    {
        var widest = report.Widths.Values.Select(pair => pair[0]).DefaultIfEmpty().Max();
        return widest == 0
            ? null
            : Table(
                "Output channels before and after",
                ["layer", "before", "after", Element("span", Class("left"), "kept")],
                report.Widths.Select(layer =>
                    new object?[]
                    {
                        Element("code", layer.Key),
                        Count(layer.Value[0]),
                        Count(layer.Value[1]),
                        Bar(layer.Key, layer.Value[0], layer.Value[1], widest),
                    }));
    }

    public static XElement? Observations(RunReport report) =>
        report.Observations.Count == 0
            ? null
            : Table(
                "Observations and decisions",
                [
                    "at epoch", "similarity Ψ", "EPI", "τ", "churn", "decision",
                    Element("span", Class("left"), "reason"),
                ],
                report.Observations.Select(seen =>
                    new object?[]
                    {
                        Number(seen.At),
                        Optional(seen.Psi, Indicator),
                        Optional(seen.Epi, Indicator),
                        Optional(seen.Tau, Indicator),
                        Optional(seen.Churn, Percent),
                        seen.Prune ? Element("strong", "prune") : "wait",
                        Element("span", Class("left prose"), seen.Reason),
                    }));

    public static XElement? Epochs(RunReport report) =>
        report.Epochs.Count == 0
            ? null
            : Element(
                "details",
                Element("summary", $"All {report.Epochs.Count} epochs"),
                Table(
                    "Epochs, counted from 0",
                    ["epoch", "phase", "loss", "accuracy", "seconds", "images/s", "learning rate", "EPI"],
                    report.Epochs.Select(epoch =>
                        new object?[]
                        {
                            $"{epoch.Epoch}",
                            epoch.Phase.ToString().ToLowerInvariant(),
                            Indicator(epoch.TrainLoss),
                            Optional(epoch.Accuracy, Percent),
                            Seconds(epoch.Seconds),
                            Count(epoch.ImagesPerSecond),
                            Number(epoch.LearningRate),
                            Optional(epoch.Epi, Indicator),
                        })));

    /// <summary>What the reference has in common with the run: a retrained run may have other epochs.</summary>
    private static string Shared(RunReport report, RunReport reference) =>
        reference.Epochs.Count == report.Epochs.Count
            ? "the same images, seed and epochs"
            : $"the same images and seed, of {reference.Epochs.Count} epochs (the pruned run has "
                + $"{report.Epochs.Count})";

    private static XElement Bar(string name, int before, int after, int widest)
    {
        string Length(int width) => Coordinate(100.0 * width / widest);
        return Element(
            "svg",
            Class("bar"),
            Attribute("viewBox", "0 0 100 10"),
            Attribute("preserveAspectRatio", "none"),
            Attribute("role", "img"),
            Attribute("aria-label", $"{name}: {after} of {before} kept"),
            Element("rect", Class("before"), Attribute("width", Length(before)), Attribute("height", "10")),
            Element("rect", Class("after"), Attribute("width", Length(after)), Attribute("height", "10")));
    }

    private static string AccuracyChange(RunReport report, RunReport? reference) =>
        report.Test is { } test && reference?.Test is { } other
            ? string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"{100 * (test.Accuracy - other.Accuracy):+0.0;−0.0;±0.0} points")
            : None;

    private static string Accuracy(RunReport report) => report.Test is { } test ? Percent(test.Accuracy) : None;

    private static string Latency(ModelReport model) => Optional(model.LatencyMs, Milliseconds);

    private static string Speed(double? imagesPerSecond) => Optional(imagesPerSecond, Count);

    private static string Indicator(double value) =>
        value.ToString("0.000", System.Globalization.CultureInfo.InvariantCulture);

    private static string Optional(double? value, Func<double, string> format) =>
        value is { } number ? format(number) : None;
}
