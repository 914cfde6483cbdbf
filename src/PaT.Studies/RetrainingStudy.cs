using System.Globalization;
using System.Xml.Linq;
using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Pruning.Scoring;
using Microsoft.ML.PaT.Reporting;
using static PaT.Studies.StudySettings;

namespace PaT.Studies;

/// <summary>
/// What matters after a cut: the schedule or the criterion? Published plans, from one dense network a seed, with two controls: the dense network trained
/// on in the same way, and the pruned shape trained from scratch for as long as both trainings together.
/// </summary>
/// <param name="settings">What all cells have in common; its epochs are those of the original run.</param>
/// <param name="files">Holds the plans.</param>
/// <param name="plans">Names of published plans.</param>
/// <param name="criteria">Importance criteria.</param>
/// <param name="schedules">Retraining schedules.</param>
/// <param name="budgets">Epochs of retraining, ascending.</param>
public sealed class RetrainingStudy(
    StudySettings settings, WidthFiles files, IReadOnlyList<string> plans, IReadOnlyList<string> criteria, IReadOnlyList<string> schedules, IReadOnlyList<int> budgets) : IStudy
{
    private const string Original = "steps";

    private static readonly string[] s_styles = ["run", "cut", "dense", "pruning", "reference", "faint"];

    private readonly Dictionary<string, string> _widths = Widths(settings, files, plans);

    private readonly string _whole = files.ArgumentOf(new Dictionary<string, int>());

    /// <inheritdoc/>
    public string Name => "retraining";

    private IEnumerable<(string Plan, int Epochs)> Tasks => plans.SelectMany(plan => budgets.Select(epochs => (plan, epochs)));

    /// <inheritdoc/>
    public IEnumerable<Cell> Cells(CellResults results) => settings.AllSeeds.SelectMany(seed => (IEnumerable<Cell>)
    [
        Dense(seed),
        .. budgets.SelectMany(epochs => schedules.Select(schedule => DenseOn(seed, epochs, schedule))),
        .. Tasks.SelectMany(t => criteria.SelectMany(criterion => schedules.Select(schedule => Retrained(seed, t.Plan, t.Epochs, criterion, schedule)))),
        .. Tasks.Select(t => Scratch(seed, t.Plan, t.Epochs)),
    ]);

    /// <inheritdoc/>
    public StudyPage Page(CellResults results)
    {
        var dense = settings.Finished(results, Dense);
        var comparison = new StudyTable("What the choices are worth, points of test accuracy", "plan", "epochs", "question", "difference")
        {
            Note = "Paired by seed, mean with Student's 95% interval. Positive: what is named first is better",
        };
        var all = new StudyTable("All networks", "plan", "epochs", "network", "n", "validation, %", "test, %", "against dense, points", "parameters", "million MACs", "MAC-epochs", "seconds")
        {
            Note = $"Mean over seeds ± standard deviation; differences are paired by seed, with Student's 95% interval. MAC-epochs: the whole training in epochs of the dense network, the {settings.Epochs} epochs of the original run included. From scratch: the shape that the plan leaves, trained for as many epochs as the original run and the retraining together",
        };
        AddRow(all, "", 0, "dense", dense, dense);
        foreach (var epochs in budgets)
        {
            foreach (var schedule in schedules)
            {
                AddRow(all, "", epochs, $"dense, {schedule}", settings.Finished(results, s => DenseOn(s, epochs, schedule)), dense);
            }
        }

        foreach (var (plan, epochs) in Tasks)
        {
            foreach (var criterion in criteria)
            {
                foreach (var schedule in schedules)
                {
                    AddRow(all, plan, epochs, $"{criterion}, {schedule}", settings.Finished(results, s => Retrained(s, plan, epochs, criterion, schedule)), dense);
                }
            }

            AddRow(all, plan, epochs, "its shape from scratch", settings.Finished(results, s => Scratch(s, plan, epochs)), dense);
            Compare(comparison, results, plan, epochs);
        }

        return new StudyPage($"Retraining {settings.Network} after a cut", Lead(results), [comparison, all], [.. plans.SelectMany(plan => criteria.Select(criterion => Chart(results, dense, plan, criterion)))]);
    }

    private void Compare(StudyTable table, CellResults results, string plan, int epochs)
    {
        foreach (var criterion in criteria)
        {
            foreach (var schedule in schedules.Where(s => s != "ft" && schedules.Contains("ft")))
            {
                Add($"{criterion}: {schedule} instead of ft", (criterion, schedule), (criterion, "ft"));
            }
        }

        foreach (var criterion in criteria.Where(c => c != "random" && criteria.Contains("random")))
        {
            foreach (var schedule in schedules)
            {
                Add($"{schedule}: {criterion} instead of random", (criterion, schedule), ("random", schedule));
            }

            if (schedules.Contains("clr") && schedules.Contains("ft"))
            {
                Add($"random with clr instead of {criterion} with ft", ("random", "clr"), (criterion, "ft"));
            }
        }

        void Add(string question, (string Criterion, string Schedule) one, (string Criterion, string Schedule) other) => table.Add(
            plan, epochs.ToString(CultureInfo.InvariantCulture), question,
            StudyTable.Difference(Sample.OfDifferences(
                settings.Finished(results, s => Retrained(s, plan, epochs, one.Criterion, one.Schedule)).Tests(),
                settings.Finished(results, s => Retrained(s, plan, epochs, other.Criterion, other.Schedule)).Tests())));
    }

    /// <summary>The schedule that the validation images choose over all tasks and criteria, and what it gains on the test images.</summary>
    private string Lead(CellResults results)
    {
        var bySchedule = schedules
            .Select(schedule => (schedule, runs: Tasks.SelectMany(t => criteria.SelectMany(c => settings.Finished(results, s => Retrained(s, t.Plan, t.Epochs, c, schedule)).Values)).ToList()))
            .Where(s => s.runs.Count > 0)
            .ToList();
        if (bySchedule.Count == 0)
        {
            return "No cell is finished.";
        }

        var best = bySchedule.MaxBy(s => s.runs.Average(r => r.Validation));
        var tests = string.Join(", ", bySchedule.Select(s => FormattableString.Invariant($"{s.schedule} {100 * s.runs.Average(r => r.Test):F2}%")));
        return $"Over all plans, budgets and criteria the validation images choose {best.schedule}. Mean test accuracy by schedule: {tests}.";
    }

    private void AddRow(StudyTable table, string plan, int epochs, string network, Dictionary<int, CellResult> runs, Dictionary<int, CellResult> dense) => table.Add(
    [
        plan,
        epochs.ToString(CultureInfo.InvariantCulture),
        network,
        .. StudyTable.Outcome(runs, dense),
        StudyTable.Number(runs.Mean(r => r.MacEpochs)),
        StudyTable.Count(runs.Mean(r => r.Seconds)),
    ]);

    private XElement? Chart(CellResults results, Dictionary<int, CellResult> dense, string plan, string criterion)
    {
        var chart = new LineChart(
            $"{plan}, {criterion}: test accuracy by epochs of retraining, mean of {settings.Seeds} seeds",
            DisplayText.Percent,
            fromZero: false,
            schedules.Select((schedule, i) => new Curve(schedule, s_styles[i % s_styles.Length], [.. budgets.Select(epochs =>
                ((double)epochs, settings.Finished(results, s => Retrained(s, plan, epochs, criterion, schedule)).Mean(r => r.Test)))])));
        if (dense.Count > 0)
        {
            chart.AddLevel("dense", "threshold", dense.Mean(r => r.Test));
        }

        return chart.Draw();
    }

    private Cell Dense(int seed) => settings.DenseRun(seed, [("method", "dense")], [("--decay", Original)]);

    private Cell DenseOn(int seed, int epochs, string schedule) => settings.Cell(
        seed, [("method", "dense"), ("schedule", schedule), ("retraining_epochs", Text(epochs))], [.. After(seed, epochs, schedule), ("--widths", _whole)]);

    private Cell Retrained(int seed, string plan, int epochs, string criterion, string schedule) => settings.Cell(
        seed,
        [("method", "pruned"), ("plan", plan), ("criterion", criterion), ("schedule", schedule), ("retraining_epochs", Text(epochs))],
        [.. After(seed, epochs, schedule), ("--widths", _widths[plan]), ("--criterion", criterion)]);

    private Cell Scratch(int seed, string plan, int epochs) => settings.Cell(
        seed,
        [("method", "scratch"), ("plan", plan), ("retraining_epochs", Text(epochs))],
        [("--policy", "init"), ("--widths", _widths[plan]), ("--criterion", "random"), ("--decay", Original), ("--epochs", Text(settings.Epochs + epochs))]);

    private (string Name, string Value)[] After(int seed, int epochs, string schedule) =>
        [("--policy", "after"), ("--decay", Original), ("--retrain", schedule), ("--retrain-epochs", Text(epochs)), .. Dense(seed).Prefix(settings.Epochs)];

    private static Dictionary<string, string> Widths(StudySettings settings, WidthFiles files, IReadOnlyList<string> plans)
    {
        var network = settings.Architecture.Build(settings.Architecture.StandardInput, settings.Images.Classes);
        return plans.ToDictionary(plan => plan, plan => files.ArgumentOf(PublishedPlans.Widths(plan, network)));
    }
}
