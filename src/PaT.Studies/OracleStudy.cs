using System.Globalization;
using System.Xml.Linq;
using static PaT.Studies.StudySettings;

namespace PaT.Studies;

/// <summary>
/// Measures when to prune: one run for every epoch of pruning, compared with the indicator's run and the dense run.
/// </summary>
/// <param name="settings">What all cells have in common.</param>
/// <param name="criteria">Importance criteria.</param>
/// <param name="ratios">Fractions of the channels to remove.</param>
/// <param name="epochs">Epochs of pruning, ascending.</param>
public sealed class OracleStudy(
    StudySettings settings, IReadOnlyList<string> criteria, IReadOnlyList<double> ratios, IReadOnlyList<int> epochs)
    : IStudy
{
    private const string Note = "The oracle's epoch has the best mean validation accuracy over the seeds. The regret "
        + "is its test accuracy less the indicator's, paired by seed, with Student's 95% interval. Leave one out: for "
        + "each seed, the other seeds choose the epoch. MAC-epochs: the whole training in epochs of the dense network";

    /// <inheritdoc/>
    public string Name => "oracle";

    /// <inheritdoc/>
    public IReadOnlyList<CsvColumn> Columns { get; } = CsvColumn.OfRuns(settings);

    private IEnumerable<Setting> Settings =>
        criteria.SelectMany(criterion => ratios.Select(ratio => new Setting(criterion, ratio)));

    /// <inheritdoc/>
    public IEnumerable<Cell> Cells(CellResults results) => settings.AllSeeds.SelectMany(seed => (IEnumerable<Cell>)
    [
        Dense(seed),
        .. Settings.SelectMany(s => epochs.Select(epoch => At(seed, s, epoch)).Prepend(Indicator(seed, s))),
    ]);

    /// <inheritdoc/>
    public StudyPage Page(CellResults results)
    {
        var denseRuns = settings.Finished(results, Dense);
        string[] columns = ["criterion", "channels removed", .. epochs.Select(e => Text(e)), "dense"];
        var curves = new StudyTable("Test accuracy by epoch of pruning, %", columns)
        {
            Note = "Mean over seeds ± standard deviation",
        };
        var choice = new StudyTable(
            "The indicator against the oracle", "criterion", "channels removed", "n", "indicator's epoch",
            "its accuracy, %", "oracle's epoch", "regret, points", "leave one out, points",
            "against dense, points", "MAC-epochs", "of dense", "seconds", "seconds, dense") { Note = Note };
        var charts = new List<XElement?>();
        var regrets = new List<double>();
        foreach (var setting in Settings)
        {
            var means = epochs.Select(e => MeanAt(results, setting, e)).ToList();
            var dense = StudyTable.Percent(Sample.Of(denseRuns.Tests().Values));
            var cells = means.Select(m => StudyTable.Percent(m.Sample));
            curves.Add([setting.Criterion, Text(setting.Ratio), .. cells, dense]);
            var runs = settings.Finished(results, seed => Indicator(seed, setting));
            var found = OracleRegret.Of(
                ByEpoch(results, setting, r => r.Validation), ByEpoch(results, setting, r => r.Test), runs.Tests());
            if (found.Epoch is not null) regrets.Add(found.Regrets.Average());
            AddChoice(choice, setting, runs, denseRuns, found);
            charts.Add(Chart(setting, means, runs, denseRuns));
        }
        var title = $"When to prune {settings.Network.Name}";
        return new StudyPage(title, Lead(results, regrets), [choice, curves], charts);
    }

    private void AddChoice(
        StudyTable table, Setting setting, Dictionary<int, CellResult> runs, Dictionary<int, CellResult> dense,
        OracleRegret regret)
    {
        var accuracy = Sample.Of(runs.Tests().Values);
        table.Add(
            setting.Criterion, Text(setting.Ratio), Text(runs.Count), string.Join(", ", runs.Values.Select(Moment)),
            StudyTable.Percent(accuracy), regret.Epoch is { } epoch ? Text(epoch) : "",
            StudyTable.Difference(Sample.Of(regret.Regrets)),
            StudyTable.Difference(Sample.Of(regret.LeftOut.Select(l => l.Regret))),
            StudyTable.Difference(Sample.OfDifferences(runs.Tests(), dense.Tests())),
            StudyTable.Number(runs.Mean(r => r.MacEpochs)),
            StudyTable.Number(runs.Mean(r => r.MacEpochs) / settings.Epochs),
            StudyTable.Count(runs.Mean(r => r.Seconds)), StudyTable.Count(dense.Mean(r => r.Seconds)));
    }

    private static string Moment(CellResult run)
    {
        if (run.PrunedAt is not { } at) return "never";
        var deadline = run.Reason?.StartsWith("deadline", StringComparison.Ordinal) == true ? " (deadline)" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{at:0.##}{deadline}");
    }

    private string Lead(CellResults results, IReadOnlyCollection<double> regrets)
    {
        if (regrets.Count == 0) return "No epoch of pruning is finished for all seeds.";
        var regret = (100 * regrets.Average()).ToString("+0.00;-0.00", CultureInfo.InvariantCulture);
        var cost = settings.AllSeeds.Select(seed => CostOfOracle(results, seed)).ToList();
        var work = StudyTable.Count(cost.Sum(c => c.MacEpochs));
        var seconds = StudyTable.Count(cost.Sum(c => c.Seconds));
        return $"Mean regret of the indicator against the oracle over {regrets.Count} settings: {regret} points "
            + $"(positive: the oracle is better). Finding the oracle took {work} MAC-epochs and {seconds} seconds, the "
            + "shared dense runs counted once; the indicator decides within its run.";
    }

    /// <summary>
    /// The cost of all epochs of pruning for a seed. Results count the epochs that a cell takes over from the dense
    /// run; those are left out of the cells, and the dense run is added once.
    /// </summary>
    private (double MacEpochs, double Seconds) CostOfOracle(CellResults results, int seed)
    {
        var cells = Settings.SelectMany(s => epochs.Select(epoch => At(seed, s, epoch)))
            .Where(cell => results[cell] is not null)
            .ToList();
        var (work, seconds) = (cells.Sum(c => results[c]!.MacEpochs), cells.Sum(c => results[c]!.Seconds));
        if (results[Dense(seed)] is not { } dense || !cells.Exists(c => c.Start is not null)) return (work, seconds);
        var shared = cells.Sum(c => c.Start?.Epochs ?? 0);
        return (
            work - shared + dense.MacEpochs,
            seconds - shared * dense.Seconds / dense.Epochs + dense.Seconds);
    }

    private XElement? Chart(
        Setting setting, IReadOnlyList<Mean> means, Dictionary<int, CellResult> runs, Dictionary<int, CellResult> dense)
    {
        var title = $"{setting.Criterion}, {setting.Ratio:P0} of the channels: test accuracy by epoch of pruning, "
            + $"mean of {settings.Seeds} seeds";
        var chart = new LineChart(
            title, DisplayText.Percent, fromZero: false,
            new Curve("pruned at this epoch", "run", [.. means.Select(m => ((double)m.Epoch, m.Sample.Mean))]),
            new Curve("mean less one standard deviation", "faint", [.. means.Select(m => ((double)m.Epoch, m.Below))]));
        if (dense.Count > 0) chart.AddLevel("dense", "reference", dense.Mean(r => r.Test));
        if (runs.Count > 0)
        {
            chart.AddLevel("the indicator's runs", "threshold", runs.Mean(r => r.Test));
            foreach (var at in runs.Values.Select(r => r.PrunedAt).OfType<double>().Distinct())
                chart.AddMoment($"indicator {at:0.##}", at);
        }
        return chart.Draw();
    }

    private Mean MeanAt(CellResults results, Setting setting, int epoch) =>
        new(epoch, Sample.Of(settings.Finished(results, seed => At(seed, setting, epoch)).Tests().Values));

    private Cell Dense(int seed) => settings.DenseRun(seed, [("method", "dense")]);

    private Cell Indicator(int seed, Setting setting) => settings.Cell(
        seed, Factors("indicator", setting, "epi"), Changes(setting, "epi"));

    private Cell At(int seed, Setting setting, int epoch) => settings.Cell(
        seed, Factors("fixed epoch", setting, $"epoch:{epoch}"), Changes(setting, $"epoch:{epoch}"),
        (Dense(seed), epoch));

    private static (string, string)[] Factors(string method, Setting setting, string policy) =>
        [("method", method), ("criterion", setting.Criterion), ("ratio", Text(setting.Ratio)), ("policy", policy)];

    private static (string, string)[] Changes(Setting setting, string policy) =>
    [
        ("pruning.policy", policy), ("pruning.criterion", setting.Criterion),
        ("pruning.target", $"channels:{Text(setting.Ratio)}"),
    ];

    private Dictionary<int, IReadOnlyDictionary<int, double>> ByEpoch(
        CellResults results, Setting setting, Func<CellResult, double?> value)
    {
        return settings.AllSeeds.ToDictionary(seed => seed, IReadOnlyDictionary<int, double> (seed) => epochs
            .Select(epoch => (epoch, value: results[At(seed, setting, epoch)] is { } result ? value(result) : null))
            .Where(v => v.value is not null)
            .ToDictionary(v => v.epoch, v => v.value!.Value));
    }

    private sealed record Setting(string Criterion, double Ratio);

    private readonly record struct Mean(int Epoch, Sample Sample)
    {
        public double Below => Sample.Mean - Sample.Deviation;
    }
}
