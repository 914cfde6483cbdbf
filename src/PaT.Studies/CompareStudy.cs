using System.Xml.Linq;
using static PaT.Studies.StudySettings;

namespace PaT.Studies;

/// <summary>
/// Compares the ways to a compact network: once with the same number of epochs for all, once with the work of the
/// indicator's run for all, counted in multiply-accumulates. Controls: <see cref="CompareControls"/>.
/// </summary>
/// <param name="settings">What all cells have in common.</param>
/// <param name="ratio">Fraction of the channels to remove.</param>
/// <param name="criterion">Criterion during and after training.</param>
/// <param name="initial">Criteria for pruning at initialization.</param>
/// <param name="schedules">Retraining schedules.</param>
/// <param name="retraining">Epochs that pruning after training keeps for retraining.</param>
public sealed class CompareStudy(
    StudySettings settings, double ratio, string criterion, IReadOnlyList<string> initial,
    IReadOnlyList<string> schedules, int retraining) : IStudy
{
    private const string SameEpochs = "equal epochs", SameWork = "equal work", Indicator = "indicator";
    private static readonly string[] s_styles = ["run", "pruned", "dense", "pruning", "reference", "faint"];

    /// <inheritdoc/>
    public string Name => "compare";

    /// <inheritdoc/>
    public IReadOnlyList<CsvColumn> Columns { get; } = CsvColumn.OfRuns(settings);

    private Method Dense { get; } = new("dense", "never", "");

    private Method[] Others { get; } =
    [
        new(Indicator, "epi", criterion),
        .. schedules.Select(schedule => new Method($"after training, {schedule}", "after", criterion, schedule)),
        .. initial.Select(score => new Method($"at initialization, {score}", "init", score)),
        new("early-bird", "early-bird", criterion),
    ];

    private IEnumerable<Method> Methods => Others.Prepend(Dense);

    /// <summary>
    /// The cells that decide most come first: the indicator with its decisive controls, then the other methods at equal
    /// epochs, the other controls, and equal work, each for all seeds.
    /// </summary>
    public IEnumerable<Cell> Cells(CellResults results) =>
    [
        .. settings.AllSeeds.SelectMany(seed => (IEnumerable<Cell>)
        [
            Run(Dense, seed, 1, SameEpochs), OfIndicator(seed),
            .. Controls(results, seed).Where(control => control.IsDecisive).Select(control => control.Cell),
        ]),
        .. Others.SelectMany(method => settings.AllSeeds.SelectMany(seed => Runs(method, seed, 1, SameEpochs))),
        .. settings.AllSeeds.SelectMany(seed => Controls(results, seed).Select(control => control.Cell)),
        .. settings.AllSeeds.SelectMany(seed => Methods.SelectMany(
            m => Factor(results, m, seed) is { } factor ? Runs(m, seed, factor, SameWork) : [])),
    ];

    /// <inheritdoc/>
    public StudyPage Page(CellResults results)
    {
        var epochs = Table(
            "Equal epochs",
            $"All train for {settings.Epochs} epochs; after training: {settings.Epochs - retraining} dense and "
            + $"{retraining} of retraining");
        var work = Table(
            "Equal work",
            "All train for as many multiply-accumulates as the indicator's run with the same seed, to the nearest "
            + "epoch");
        var controls = Table(
            "Controls",
            "Against dense at equal epochs. Pruned at the indicator's epoch, or small from the first step, for its "
            + "epochs or its seconds. Uniform: every layer loses the same fraction of its channels; random: channels "
            + "at random");
        var denseEpochs = settings.Finished(results, seed => Run(Dense, seed, 1, SameEpochs));
        var denseWork = settings.Finished(results, seed => WorkRun(results, Dense, seed));
        foreach (var method in Methods)
        {
            var (name, runs) = (method.Name, settings.Finished(results, seed => Run(method, seed, 1, SameEpochs)));
            AddRow(epochs, name, runs, denseEpochs);
            AddRow(work, name, settings.Finished(results, seed => WorkRun(results, method, seed)), denseWork);
        }

        AddRow(controls, Indicator, settings.Finished(results, OfIndicator), denseEpochs);
        var names = settings.AllSeeds.SelectMany(seed => Controls(results, seed)).Select(control => control.Name);
        foreach (var name in names.Distinct())
        {
            var runs = settings.Finished(
                results, seed => Controls(results, seed).FirstOrDefault(control => control.Name == name)?.Cell);
            AddRow(controls, name, runs, denseEpochs);
        }

        var title = $"Ways to a compact {settings.Network.Name}, {ratio:P0} of the channels removed";
        return new StudyPage(
            title, Lead(results, denseEpochs), [epochs, work, controls],
            [Chart(results, SameEpochs), Chart(results, SameWork)]);
    }

    private static StudyTable Table(string title, string note) => new(
        title, "network", "n", "validation, %", "test, %", "against dense, points", "parameters", "million MACs",
        "latency, ms", "epochs", "MAC-epochs", "seconds")
    {
        Note = $"{note}. Mean over seeds ± standard deviation; differences are paired by seed, with Student's 95% "
            + "interval",
    };

    private static void AddRow(
        StudyTable table, string name, Dictionary<int, CellResult> runs, Dictionary<int, CellResult> dense) =>
        table.Add(
        [
            name,
            .. StudyTable.Outcome(runs, dense),
            StudyTable.Number(runs.Mean(r => r.LatencyMs)),
            StudyTable.Number(runs.Mean(r => r.Epochs)),
            StudyTable.Number(runs.Mean(r => r.MacEpochs)),
            StudyTable.Count(runs.Mean(r => r.Seconds)),
        ]);

    private string Lead(CellResults results, Dictionary<int, CellResult> dense)
    {
        var runs = settings.Finished(results, OfIndicator);
        if (runs.Count == 0) return "The indicator's runs are not finished.";
        var difference = StudyTable.Difference(Sample.OfDifferences(runs.Tests(), dense.Tests()));
        var work = StudyTable.Number(runs.Mean(r => r.MacEpochs) / settings.Epochs);
        var epochs = string.Join(", ", runs.Values.Select(r => r.PrunedAt is { } at ? StudyTable.Number(at) : "never"));
        return $"The indicator's run against dense at equal epochs: {difference} points of test accuracy for {work}x "
            + $"the work; it pruned at epoch {epochs}.";
    }

    private XElement? Chart(CellResults results, string budget)
    {
        var curves = Methods.GroupBy(m => m.Name.Split(',')[0]).Select((kind, i) =>
        {
            var runs = kind.SelectMany(method => settings.Finished(results, seed => budget == SameEpochs
                ? Run(method, seed, 1, SameEpochs)
                : WorkRun(results, method, seed)).Values);
            var style = $"{s_styles[i % s_styles.Length]} dots";
            return new Curve(kind.Key, style, [.. runs.Select(r => (r.MacEpochs, r.Test))]);
        });
        var title = $"{budget}: test accuracy by the work in dense epochs, each seed";
        return new LineChart(title, DisplayText.Percent, fromZero: false, curves).Draw();
    }

    /// <summary>
    /// The factor of a method's epochs that gives the work of the indicator's run; null if it is not known yet.
    /// </summary>
    private double? Factor(CellResults results, Method method, int seed) =>
        results[OfIndicator(seed)] is { } indicator && results[Run(method, seed, 1, SameEpochs)] is { } run
            ? indicator.MacEpochs / run.MacEpochs
            : null;

    private Cell? WorkRun(CellResults results, Method method, int seed) =>
        Factor(results, method, seed) is { } factor ? Run(method, seed, factor, SameWork) : null;

    private IEnumerable<CompareControls.Control> Controls(CellResults results, int seed) =>
        results[OfIndicator(seed)] is { } pruned && results[Run(Dense, seed, 1, SameEpochs)] is { } dense
            ? new CompareControls(settings, ratio, criterion).Of(Run(Dense, seed, 1, SameEpochs), dense, pruned, seed)
            : [];

    private Cell OfIndicator(int seed) => Run(Others.Single(m => m.Name == Indicator), seed, 1, SameEpochs);

    /// <summary>The run of a method, preceded by the dense run that it starts from, if there is one.</summary>
    private Cell[] Runs(Method method, int seed, double factor, string budget) => method.Schedule is null
        ? [Run(method, seed, factor, budget)]
        : [Before(seed, factor, budget), Run(method, seed, factor, budget)];

    private Cell Run(Method method, int seed, double factor, string budget)
    {
        if (method == Dense)
        {
            return settings.DenseRun(
                seed, [("method", method.Name), ("budget", budget)],
                ("training.epochs", Epochs(settings.Epochs, factor)));
        }
        (string, string)[] changes =
        [
            ("pruning.policy", method.Policy), ("pruning.criterion", method.Criterion),
            ("pruning.target", $"channels:{Text(ratio)}"),
        ];
        var policy = method.Schedule is null ? method.Policy : $"after:{method.Schedule}";
        var factors = Factors(method.Name, budget, method.Criterion, policy);
        if (method.Schedule is null)
            return settings.Cell(seed, factors, [.. changes, ("training.epochs", Epochs(settings.Epochs, factor))]);
        var before = Before(seed, factor, budget);
        return settings.Cell(
            seed, factors,
            [
                .. changes, ("training.epochs", Text(before.Recipe.Training.Epochs)),
                ("pruning.retraining.schedule", method.Schedule),
                ("pruning.retraining.epochs", Epochs(retraining, factor)),
            ],
            (before, before.Recipe.Training.Epochs));
    }

    private Cell Before(int seed, double factor, string budget) => settings.DenseRun(
        seed, [("method", "dense, to be pruned"), ("budget", budget)],
        ("training.epochs", Epochs(settings.Epochs - retraining, factor)));

    private (string, string)[] Factors(string method, string budget, string criterion, string policy) =>
        [("method", method), ("budget", budget), ("criterion", criterion), ("ratio", Text(ratio)), ("policy", policy)];

    private static string Epochs(int epochs, double factor) => Text(Math.Max(1, Math.Round(epochs * factor)));

    /// <param name="Name">Name in tables; the part before a comma is its kind.</param>
    /// <param name="Schedule">The schedule that retrains a trained network; null if it does not start from one.</param>
    private sealed record Method(string Name, string Policy, string Criterion, string? Schedule = null);
}
