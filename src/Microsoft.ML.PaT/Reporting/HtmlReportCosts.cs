using System.Xml.Linq;
using Microsoft.ML.PaT.Results;
using static Microsoft.ML.PaT.Shared.Html;
using static Microsoft.ML.PaT.Shared.DisplayText;

namespace Microsoft.ML.PaT.Reporting;

/// <summary>Tables of the cost of training and scoring.</summary>
internal static class HtmlReportCosts
{
    /// <summary>Time per batch of the dense and the compact network; null if the report has none.</summary>
    public static XElement? Latency(RunReport report)
    {
        if (report.Latencies.Count == 0) return null;
        var predicts = report.Latencies.Any(l => l.PredictedMs is not null);
        return report.Compact is null
            ? Table(
                "Median time to score a batch",
                ["images", "dense"],
                report.Latencies.Select(l => new object?[] { Count(l.Batch), Optional(l.DenseMs) }))
            : Table(
                "Median time to score a batch on the training device",
                ["images", "dense", "compact", "faster", .. predicts ? new object[] { "predicted" } : []],
                report.Latencies.Select(l =>
                    (IReadOnlyList<object?>)
                        [
                            Count(l.Batch),
                            Optional(l.DenseMs),
                            Optional(l.CompactMs),
                            l is { DenseMs: { } dense, CompactMs: > 0 and var compact } ? Factor(compact, dense) : None,
                            .. predicts ? new object?[] { Optional(l.PredictedMs) } : [],
                        ]));
    }

    /// <summary>Why the latencies are not reliable; null if they are plausible.</summary>
    public static XElement? LatencyRemark(RunReport report) =>
        LatencyReport.Remark(report.Latencies) is { } remark ? Element("p", Class("note"), remark) : null;

    /// <summary>Seconds and MACs of the run, compared with those that the dense network would have needed.</summary>
    public static XElement? Ledger(RunReport report, RunReport? reference)
    {
        if (report.Epochs.Count == 0) return null;
        var seconds = report.Seconds;
        var loop = seconds.Dense + seconds.Pruning + seconds.Compact;
        var (dense, source) = reference is not null
            ? (
                reference.Seconds.Dense + reference.Seconds.Pruning + reference.Seconds.Compact,
                "Dense is the reference run")
            : (DenseSeconds(report), "Dense is estimated from the dense epochs of this run");
        double? epochs = report.MacEpochs is null ? null : (reference ?? report).Epochs.Count;
        return Table(
            $"{source}; a MAC-epoch is one epoch of the dense network",
            ["", "dense", "this run", "change"],
            [
                [
                    "Training loop",
                    dense is { } d ? Seconds(d) : None,
                    Seconds(loop),
                    dense is { } all ? Change(all, loop) : None,
                ],
                ["of it dense", None, Seconds(seconds.Dense), None],
                ["of it pruning", None, Seconds(seconds.Pruning), None],
                ["of it compact", None, Seconds(seconds.Compact), None],
                ["of it observation and ranking", None, Seconds(seconds.Indicator), None],
                .. Outside(seconds).Select(part => new object?[] { part.Name, None, Seconds(part.Seconds), None }),
                [
                    "Multiply-accumulates, MAC-epochs",
                    epochs is { } e ? Number(e) : None,
                    report.MacEpochs is { } m ? Number(m) : None,
                    epochs is { } of && report.MacEpochs is { } to ? Change(of, to) : None,
                ],
            ]);
    }

    /// <summary>What the run did outside the training loop.</summary>
    private static IEnumerable<(string Name, double Seconds)> Outside(SecondsReport seconds)
    {
        (string Name, double Seconds)[] parts =
        [
            ("Reading images", seconds.Reading), ("Evaluation", seconds.Evaluation),
            ("Measuring latency", seconds.Latency), ("Writing checkpoints", seconds.Checkpoints),
        ];
        var rest = seconds.Total - seconds.Dense - seconds.Pruning - seconds.Compact - parts.Sum(part => part.Seconds);
        return parts.Where(part => part.Seconds > 0).Append(("The rest", Math.Max(0, rest)));
    }

    /// <summary>
    /// Time of the run if every epoch had the mean time of the dense epochs, in seconds; null without dense epochs.
    /// </summary>
    private static double? DenseSeconds(RunReport report)
    {
        var dense =
            report.Epochs.Where(epoch => epoch.Phase == TrainingPhase.Dense).Select(epoch => epoch.Seconds).ToList();
        return dense.Count == 0 ? null : dense.Average() * report.Epochs.Count;
    }

    private static string Optional(double? milliseconds) => milliseconds is { } number ? Milliseconds(number) : None;
}
