using System.Globalization;
using System.Xml.Linq;
using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Reporting;
using static PaT.Studies.StudySettings;

namespace PaT.Studies;

/// <summary>
/// Which way to a compact network is best? Once with the same number of epochs for all, once with the work of the indicator's run for all, counted in
/// multiply-accumulates. Controls: uniform widths and random channels, cut at the indicator's epoch, with its parameters and with its multiply-accumulates.
/// </summary>
/// <param name="settings">What all cells have in common.</param>
/// <param name="ratio">Fraction of the channels to remove.</param>
/// <param name="criterion">What makes a channel important during and after training.</param>
/// <param name="initial">Criteria for pruning at initialization.</param>
/// <param name="schedules">Retraining schedules.</param>
/// <param name="retraining">Epochs that pruning after training keeps for retraining.</param>
public sealed class CompareStudy(
    StudySettings settings, double ratio, string criterion, IReadOnlyList<string> initial, IReadOnlyList<string> schedules, int retraining) : IStudy
{
    private const string SameEpochs = "equal epochs", SameWork = "equal work", Indicator = "indicator";

    private enum Equal
    {
        Macs,
        Parameters,
    }

    /// <inheritdoc/>
    public string Name => "compare";

    private IReadOnlyList<Method> Methods { get; } =
    [
        new("dense", []),
        .. initial.Select(score => new Method($"at initialization, {score}", [("--policy", "init"), ("--criterion", score), ("--prune-channels", Text(ratio))])),
        new("early-bird", [("--policy", "early-bird"), ("--criterion", criterion), ("--prune-channels", Text(ratio))]),
        new(Indicator, [("--policy", "epi"), ("--criterion", criterion), ("--prune-channels", Text(ratio))]),
        .. schedules.Select(schedule => new Method($"after training, {schedule}", [("--policy", "after"), ("--criterion", criterion), ("--prune-channels", Text(ratio)), ("--retrain", schedule)], IsRetrained: true)),
    ];

    /// <inheritdoc/>
    public IEnumerable<Cell> Cells(CellResults results) => settings.AllSeeds.SelectMany(seed => (IEnumerable<Cell>)
    [
        .. Methods.SelectMany(m => Runs(m, seed, factor: 1, SameEpochs)),
        .. Controls(results, seed).Select(c => c.Cell),
        .. Methods.SelectMany(m => Factor(results, m, seed) is { } factor ? Runs(m, seed, factor, SameWork) : []),
    ]);

    /// <inheritdoc/>
    public StudyPage Page(CellResults results)
    {
        var epochs = Table("Equal epochs", $"All train for {settings.Epochs} epochs; after training: {settings.Epochs - retraining} dense and {retraining} of retraining");
        var work = Table("Equal work", "All train for as many multiply-accumulates as the indicator's run with the same seed, to the nearest epoch");
        var controls = Table("Controls, cut at the indicator's epoch", "Against dense at equal epochs. Uniform: every layer loses the same fraction of its channels; random: channels by lot");
        var denseEpochs = settings.Finished(results, seed => Run(Methods[0], seed, 1, SameEpochs));
        var denseWork = settings.Finished(results, seed => SameWorkRun(results, Methods[0], seed));
        foreach (var method in Methods)
        {
            AddRow(epochs, method.Name, settings.Finished(results, seed => Run(method, seed, 1, SameEpochs)), denseEpochs);
            AddRow(work, method.Name, settings.Finished(results, seed => SameWorkRun(results, method, seed)), denseWork);
        }

        AddRow(controls, Indicator, settings.Finished(results, OfIndicator), denseEpochs);
        foreach (var name in settings.AllSeeds.SelectMany(seed => Controls(results, seed).Select(c => c.Name)).Distinct())
        {
            AddRow(controls, name, settings.Finished(results, seed => Controls(results, seed).FirstOrDefault(c => c.Name == name).Cell), denseEpochs);
        }

        return new StudyPage($"Ways to a compact {settings.Network}, {ratio:P0} of the channels removed", Lead(results), [epochs, work, controls], [Chart(results, SameEpochs), Chart(results, SameWork)]);
    }

    private static StudyTable Table(string title, string note) => new(
        title, "network", "n", "validation, %", "test, %", "against dense, points", "parameters", "million MACs", "latency, ms", "epochs", "MAC-epochs", "seconds")
    {
        Note = $"{note}. Mean over seeds ± standard deviation; differences are paired by seed, with Student's 95% interval",
    };

    private static void AddRow(StudyTable table, string name, Dictionary<int, CellResult> runs, Dictionary<int, CellResult> dense) => table.Add(
    [
        name,
        .. StudyTable.Outcome(runs, dense),
        StudyTable.Number(runs.Mean(r => r.LatencyMs)),
        StudyTable.Number(runs.Mean(r => r.Epochs)),
        StudyTable.Number(runs.Mean(r => r.MacEpochs)),
        StudyTable.Count(runs.Mean(r => r.Seconds)),
    ]);

    private string Lead(CellResults results)
    {
        var runs = settings.Finished(results, OfIndicator);
        if (runs.Count == 0)
        {
            return "The indicator's runs are not finished.";
        }

        var dense = settings.Finished(results, seed => Run(Methods[0], seed, 1, SameEpochs));
        var difference = StudyTable.Difference(Sample.OfDifferences(runs.Tests(), dense.Tests()));
        return FormattableString.Invariant($"The indicator's run against dense at equal epochs: {difference} points of test accuracy for {runs.Mean(r => r.MacEpochs) / settings.Epochs:F2}x the work; it pruned at epoch {string.Join(", ", runs.Values.Select(r => r.PrunedAt is { } at ? $"{at:0.##}" : "never"))}.");
    }

    private XElement? Chart(CellResults results, string budget)
    {
        string[] styles = ["run", "cut", "dense", "pruning", "reference", "faint"];
        return new LineChart(
            $"{budget}: test accuracy by the epochs' worth of dense work, each seed",
            DisplayText.Percent,
            fromZero: false,
            Methods.GroupBy(m => m.Name.Split(',')[0]).Select((kind, i) => new Curve(kind.Key, $"{styles[i % styles.Length]} dots", [.. kind
                .SelectMany(m => settings.Finished(results, seed => budget == SameEpochs ? Run(m, seed, 1, SameEpochs) : SameWorkRun(results, m, seed)).Values)
                .Select(r => (r.MacEpochs, r.Test))]))).Draw();
    }

    /// <summary>By how much a method's epochs have to be multiplied to cost what the indicator's run did; null while either is not finished.</summary>
    private double? Factor(CellResults results, Method method, int seed) =>
        results[OfIndicator(seed)] is { } indicator && results[Run(method, seed, 1, SameEpochs)] is { } run ? indicator.MacEpochs / run.MacEpochs : null;

    private Cell? SameWorkRun(CellResults results, Method method, int seed) => Factor(results, method, seed) is { } factor ? Run(method, seed, factor, SameWork) : null;

    private IEnumerable<(string Name, Cell Cell)> Controls(CellResults results, int seed)
    {
        if (results[OfIndicator(seed)] is not { PrunedAt: { } at } indicator || results[Run(Methods[0], seed, 1, SameEpochs)] is not { } dense)
        {
            yield break;
        }

        foreach (var equal in Enum.GetValues<Equal>())
        {
            var removed = equal == Equal.Macs ? 1 - ((double)indicator.Macs / dense.Macs) : 1 - ((double)indicator.Parameters / dense.Parameters);
            var target = (equal == Equal.Macs ? "--prune-macs" : "--prune-parameters", Text(Math.Round(removed, 4)));
            foreach (var (name, own) in new (string, (string, string))[] { ("uniform widths", ("--ranking", "per-layer")), ("random channels", ("--criterion", "random")) })
            {
                var title = $"{name}, equal {equal.ToString().ToLowerInvariant()}";
                yield return (title, settings.Cell(seed, [("method", title), ("budget", SameEpochs)], [("--policy", $"epoch:{Math.Min(settings.Epochs - 1, (int)Math.Round(at))}"), target, own]));
            }
        }
    }

    private Cell OfIndicator(int seed) => Run(Methods.Single(m => m.Name == Indicator), seed, 1, SameEpochs);

    /// <summary>The run of a method, after the dense one that it begins with where there is one.</summary>
    private Cell[] Runs(Method method, int seed, double factor, string budget) =>
        method.IsRetrained ? [Before(seed, factor, budget), Run(method, seed, factor, budget)] : [Run(method, seed, factor, budget)];

    private Cell Run(Method method, int seed, double factor, string budget)
    {
        (string Name, string Value)[] factors = [("method", method.Name), ("budget", budget)];
        if (method == Methods[0])
        {
            return settings.DenseRun(seed, factors, [("--epochs", Epochs(settings.Epochs, factor))]);
        }

        return settings.Cell(seed, factors, method.IsRetrained
            ? [.. method.Arguments, ("--epochs", Epochs(settings.Epochs - retraining, factor)), ("--retrain-epochs", Epochs(retraining, factor)), .. Before(seed, factor, budget).Prefix(int.Parse(Epochs(settings.Epochs - retraining, factor), CultureInfo.InvariantCulture))]
            : [.. method.Arguments, ("--epochs", Epochs(settings.Epochs, factor))]);
    }

    private Cell Before(int seed, double factor, string budget) =>
        settings.DenseRun(seed, [("method", "dense, to be pruned"), ("budget", budget)], [("--epochs", Epochs(settings.Epochs - retraining, factor))]);

    private static string Epochs(int epochs, double factor) => Text(Math.Max(1, Math.Round(epochs * factor)));

    /// <summary>A way to a compact network.</summary>
    /// <param name="Name">Its name; what stands before a comma is its kind.</param>
    /// <param name="Arguments">Its arguments of <c>train</c>.</param>
    /// <param name="IsRetrained">Whether it starts from a trained network.</param>
    private sealed record Method(string Name, (string Name, string Value)[] Arguments, bool IsRetrained = false);
}
