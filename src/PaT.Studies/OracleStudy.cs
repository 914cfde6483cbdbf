using System.Globalization;
using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Pruning.Scoring;
using Microsoft.ML.PaT.Reporting;
using static PaT.Studies.StudySettings;

namespace PaT.Studies;

/// <summary>When should one have pruned? A run for every epoch of pruning, beside the indicator's own run and the dense one.</summary>
/// <param name="settings">What all cells have in common.</param>
/// <param name="criteria">Importance criteria.</param>
/// <param name="ratios">Fractions of the channels to remove.</param>
/// <param name="epochs">Epochs of pruning, ascending.</param>
public sealed class OracleStudy(StudySettings settings, IReadOnlyList<string> criteria, IReadOnlyList<double> ratios, IReadOnlyList<int> epochs) : IStudy
{
    /// <inheritdoc/>
    public string Name => "oracle";

    private IEnumerable<(string Criterion, double Ratio)> Settings => criteria.SelectMany(criterion => ratios.Select(ratio => (criterion, ratio)));

    /// <inheritdoc/>
    public IEnumerable<Cell> Cells(CellResults results) => settings.AllSeeds.SelectMany(seed => (IEnumerable<Cell>)
    [
        Dense(seed),
        .. Settings.SelectMany(s => epochs.Select(epoch => At(seed, s.Criterion, s.Ratio, epoch)).Prepend(Indicator(seed, s.Criterion, s.Ratio))),
    ]);

    /// <inheritdoc/>
    public StudyPage Page(CellResults results)
    {
        var denseRuns = settings.Finished(results, Dense);
        var dense = denseRuns.Tests();
        var curves = new StudyTable("Test accuracy by epoch of pruning, %", ["criterion", "channels removed", .. epochs.Select(e => e.ToString(CultureInfo.InvariantCulture)), "dense"])
        {
            Note = "Mean over seeds ± standard deviation",
        };
        var choice = new StudyTable(
            "The indicator against the oracle",
            "criterion", "channels removed", "n", "indicator's epoch", "its accuracy, %", "oracle's epoch", "regret, points", "naive regret, points", "against dense, points",
            "MAC-epochs", "of dense", "seconds", "seconds, dense")
        {
            Note = "The oracle's epoch is chosen on the validation images of one half of the seeds and its regret scored on the test images of the other half, both ways round; the 95% interval is Student's t over seeds. "
                + "The naive regret takes the best mean test accuracy of all epochs, which flatters the oracle. MAC-epochs: the whole training in epochs of the dense network",
        };
        var charts = new List<System.Xml.Linq.XElement?>();
        var regrets = new List<double>();
        foreach (var (criterion, ratio) in Settings)
        {
            Cell AtEpoch(int seed, int epoch) => At(seed, criterion, ratio, epoch);
            Cell OfIndicator(int seed) => Indicator(seed, criterion, ratio);
            var means = epochs.Select(epoch => (Epoch: epoch, Sample: Sample.Of(settings.Finished(results, seed => AtEpoch(seed, epoch)).Tests().Values))).ToList();
            curves.Add([criterion, Text(ratio), .. means.Select(m => StudyTable.Percent(m.Sample)), StudyTable.Percent(Sample.Of(dense.Values))]);

            var runs = settings.Finished(results, OfIndicator);
            var indicator = runs.Tests();
            var found = OracleRegret.Of(ByEpoch(results, AtEpoch, r => r.Validation), ByEpoch(results, AtEpoch, r => r.Test), indicator);
            var regret = Sample.Of(found.Select(f => f.Regret));
            if (regret.Count > 0)
            {
                regrets.Add(regret.Mean);
            }

            var best = means.Where(m => m.Sample.Count > 0).OrderByDescending(m => m.Sample.Mean).Select(m => m.Sample.Mean).FirstOrDefault(double.NaN);
            choice.Add(
                criterion, Text(ratio), runs.Count.ToString(CultureInfo.InvariantCulture),
                string.Join(", ", runs.Values.Select(r => r.PrunedAt is { } at ? $"{at:0.##}{(r.Reason?.StartsWith("deadline", StringComparison.Ordinal) == true ? " (deadline)" : "")}" : "never")),
                StudyTable.Percent(Sample.Of(indicator.Values)),
                string.Join(", ", found.Select(f => f.Epoch.ToString(CultureInfo.InvariantCulture))),
                StudyTable.Difference(regret),
                StudyTable.Number(100 * (best - Sample.Of(indicator.Values).Mean)),
                StudyTable.Difference(Sample.OfDifferences(indicator, dense)),
                StudyTable.Number(runs.Mean(r => r.MacEpochs)),
                StudyTable.Number(runs.Mean(r => r.MacEpochs) / settings.Epochs),
                StudyTable.Count(runs.Mean(r => r.Seconds)),
                StudyTable.Count(denseRuns.Mean(r => r.Seconds)));
            charts.Add(Chart(criterion, ratio, means, [.. runs.Values], indicator, dense));
        }

        var oracleCost = Settings.SelectMany(s => settings.AllSeeds.SelectMany(seed => epochs.Select(epoch => results[At(seed, s.Criterion, s.Ratio, epoch)]))).OfType<CellResult>().ToList();
        var lead = regrets.Count == 0
            ? "No cell is finished."
            : FormattableString.Invariant($"Mean regret of the indicator against the oracle over {regrets.Count} settings: {100 * regrets.Average():+0.00;-0.00} points (positive: the oracle is better). ")
                + FormattableString.Invariant($"Finding the oracle took {oracleCost.Sum(r => r.MacEpochs):F0} MAC-epochs and {oracleCost.Sum(r => r.Seconds):F0} seconds of training; the indicator decides within the run that it prunes.");
        return new StudyPage($"When to prune {settings.Network}", lead, [choice, curves], charts);
    }

    private System.Xml.Linq.XElement? Chart(
        string criterion, double ratio, IReadOnlyList<(int Epoch, Sample Sample)> means, IReadOnlyList<CellResult> runs, IReadOnlyDictionary<int, double> indicator, IReadOnlyDictionary<int, double> dense)
    {
        var seeds = settings.AllSeeds.Count();
        var chart = new LineChart(
            $"{criterion}, {ratio:P0} of the channels: test accuracy by epoch of pruning, mean of {seeds} seeds",
            DisplayText.Percent,
            fromZero: false,
            new Curve("pruned at this epoch", "run", [.. means.Select(m => ((double)m.Epoch, m.Sample.Mean))]),
            new Curve("mean less one standard deviation", "faint", [.. means.Select(m => ((double)m.Epoch, m.Sample.Mean - m.Sample.Deviation))]));
        if (dense.Count > 0)
        {
            chart.AddLevel("dense", "reference", dense.Values.Average());
        }

        if (indicator.Count > 0)
        {
            chart.AddLevel("the indicator's runs", "threshold", indicator.Values.Average());
            foreach (var at in runs.Select(r => r.PrunedAt).OfType<double>().Distinct())
            {
                chart.AddMoment($"indicator {at:0.##}", at);
            }
        }

        return chart.Draw();
    }

    private Cell Dense(int seed) => settings.DenseRun(seed, [("method", "dense")], []);

    private Cell Indicator(int seed, string criterion, double ratio) => settings.Cell(
        seed, [("method", "indicator"), ("criterion", criterion), ("channels", Text(ratio))], [("--policy", "epi"), ("--criterion", criterion), ("--prune-channels", Text(ratio))]);

    private Cell At(int seed, string criterion, double ratio, int epoch) => settings.Cell(
        seed,
        [("method", "fixed epoch"), ("criterion", criterion), ("channels", Text(ratio)), ("at", Text(epoch))],
        [("--policy", $"epoch:{epoch}"), ("--criterion", criterion), ("--prune-channels", Text(ratio)), .. Dense(seed).Prefix(epoch)]);

    private Dictionary<int, IReadOnlyDictionary<int, double>> ByEpoch(CellResults results, Func<int, int, Cell> cell, Func<CellResult, double?> value) =>
        settings.AllSeeds.ToDictionary(
            seed => seed,
            seed => (IReadOnlyDictionary<int, double>)epochs
                .Select(epoch => (epoch, value: results[cell(seed, epoch)] is { } r ? value(r) : null))
                .Where(v => v.value is not null)
                .ToDictionary(v => v.epoch, v => v.value!.Value));
}
