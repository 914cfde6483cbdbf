using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using static PaT.Studies.StudySettings;

namespace PaT.Studies;

/// <summary>
/// Compares the effects of schedule and criterion after pruning. Published plans, from one dense network per seed, with
/// two controls: the dense network trained for as long in the same way, and the pruned shape trained from scratch for
/// as long as both trainings together.
/// </summary>
/// <param name="settings">Settings of all cells; their epochs are those of the original run.</param>
/// <param name="plans">Names of published plans.</param>
/// <param name="criteria">Importance criteria.</param>
/// <param name="schedules">Retraining schedules.</param>
/// <param name="budgets">Epochs of retraining, ascending.</param>
public sealed class RetrainingStudy(
    StudySettings settings,
    IReadOnlyList<string> plans,
    IReadOnlyList<string> criteria,
    IReadOnlyList<string> schedules,
    IReadOnlyList<int> budgets) : IStudy
{
    private static readonly (string, string) s_steps = ("training.decay", "steps");
    private static readonly string[] s_styles = ["run", "pruned", "dense", "pruning", "reference", "faint"];

    private readonly Dictionary<string, string> _widths = Widths(settings, plans);

    /// <inheritdoc/>
    public string Name => "retraining";

    /// <inheritdoc/>
    public IReadOnlyList<CsvColumn> Columns { get; } = CsvColumn.OfRetraining(settings);

    private IEnumerable<(string Plan, int Epochs)> Tasks =>
        plans.SelectMany(plan => budgets.Select(epochs => (plan, epochs)));

    /// <summary>The pruned networks come first, then the controls, each for all seeds.</summary>
    public IEnumerable<Cell> Cells(CellResults results) =>
    [
        .. settings.AllSeeds.SelectMany(seed => Tasks
            .SelectMany(t => criteria.SelectMany(
                criterion => schedules.Select(schedule => Retrained(seed, t.Plan, t.Epochs, criterion, schedule))))
            .Prepend(Dense(seed))),
        .. settings.AllSeeds.SelectMany(
            seed => budgets.SelectMany(epochs => schedules.Select(schedule => DenseOn(seed, epochs, schedule)))),
        .. settings.AllSeeds.SelectMany(seed => Tasks.Select(t => Scratch(seed, t.Plan, t.Epochs))),
    ];

    /// <inheritdoc/>
    public StudyPage Page(CellResults results)
    {
        var dense = settings.Finished(results, Dense);
        var comparison = new StudyTable(
            "What the choices are worth, points of test accuracy", "plan", "epochs", "question", "difference")
        {
            Note = "Paired by seed, mean with Student's 95% interval. Positive: the first is better",
        };
        var all = new StudyTable(
            "All networks", "plan", "epochs", "network", "n", "validation, %", "test, %", "against dense, points",
            "parameters", "million MACs", "MAC-epochs", "seconds")
        {
            Note =
                "Mean over seeds ± standard deviation; differences are paired by seed, with Student's 95% interval. "
                + $"MAC-epochs: the whole training in epochs of the dense network, the {settings.Epochs} epochs of the "
                + "original run included. From scratch: the shape that the plan leaves, trained for as many epochs as "
                + "the original run and the retraining together",
        };
        AddRow(all, "", 0, "dense", dense, dense);
        foreach (var epochs in budgets)
        {
            foreach (var schedule in schedules)
            {
                var trained = settings.Finished(results, s => DenseOn(s, epochs, schedule));
                AddRow(all, "", epochs, $"dense, {schedule}", trained, dense);
            }
        }
        foreach (var (plan, epochs) in Tasks)
        {
            foreach (var criterion in criteria)
            {
                foreach (var schedule in schedules)
                {
                    var retrained = Runs(results, plan, epochs, criterion, schedule);
                    AddRow(all, plan, epochs, $"{criterion}, {schedule}", retrained, dense);
                }
            }
            var scratch = settings.Finished(results, s => Scratch(s, plan, epochs));
            AddRow(all, plan, epochs, "its shape from scratch", scratch, dense);
            Compare(comparison, results, plan, epochs);
        }

        var charts = plans.SelectMany(plan => criteria.Select(criterion => Chart(results, dense, plan, criterion)));
        return new StudyPage(
            $"Retraining {settings.Network.Name} after pruning", Lead(results), [comparison, all], [.. charts]);
    }

    private void Compare(StudyTable table, CellResults results, string plan, int epochs)
    {
        foreach (var criterion in criteria)
        {
            foreach (var schedule in schedules.Where(s => s != "ft" && schedules.Contains("ft")))
                Add($"{criterion}: {schedule} instead of ft", (criterion, schedule), (criterion, "ft"));
        }
        foreach (var criterion in criteria.Where(c => c != "random" && criteria.Contains("random")))
        {
            foreach (var schedule in schedules)
                Add($"{schedule}: {criterion} instead of random", (criterion, schedule), ("random", schedule));
            if (schedules.Contains("clr") && schedules.Contains("ft"))
                Add($"random with clr instead of {criterion} with ft", ("random", "clr"), (criterion, "ft"));
        }

        void Add(string question, (string Criterion, string Schedule) one, (string Criterion, string Schedule) other)
        {
            var difference = Sample.OfDifferences(
                Runs(results, plan, epochs, one.Criterion, one.Schedule).Tests(),
                Runs(results, plan, epochs, other.Criterion, other.Schedule).Tests());
            table.Add(plan, Text(epochs), question, StudyTable.Difference(difference));
        }
    }

    /// <summary>
    /// The schedule with the best validation accuracy over all plans, budgets, criteria and seeds. Only those that all
    /// schedules have are compared, because some are harder than others.
    /// </summary>
    private string Lead(CellResults results)
    {
        var all = settings.AllSeeds
            .SelectMany(seed => Tasks.SelectMany(
                t => criteria.Select(criterion => (Seed: seed, t.Plan, t.Epochs, Criterion: criterion))))
            .ToList();
        var shared = all.FindAll(c => schedules.All(schedule => Result(c, schedule) is not null));
        if (shared.Count == 0) return "No plan, budget, criterion and seed is finished for all schedules.";
        var means = schedules
            .Select(schedule => (schedule, runs: shared.ConvertAll(c => Result(c, schedule)!)))
            .ToList();
        var best = means.MaxBy(s => s.runs.Average(r => r.Validation));
        var tests = means.Select(s => $"{s.schedule} {StudyTable.Number(100 * s.runs.Average(r => r.Test))}%");
        var scope = shared.Count == all.Count
            ? "Over all plans, budgets and criteria"
            : $"Over the {shared.Count} of {all.Count} networks that are finished for all schedules,";
        return $"{scope} the validation images choose {best.schedule}. "
            + $"Mean test accuracy by schedule: {string.Join(", ", tests)}.";

        CellResult? Result((int Seed, string Plan, int Epochs, string Criterion) c, string schedule) =>
            results[Retrained(c.Seed, c.Plan, c.Epochs, c.Criterion, schedule)];
    }

    private static void AddRow(
        StudyTable table, string plan, int epochs, string network, Dictionary<int, CellResult> runs,
        Dictionary<int, CellResult> dense) => table.Add(
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
        var curves = schedules.Select((schedule, i) => new Curve(schedule, s_styles[i % s_styles.Length],
        [
            .. budgets.Select(e => ((double)e, Runs(results, plan, e, criterion, schedule).Mean(r => r.Test))),
        ]));
        var title = $"{plan}, {criterion}: test accuracy by epochs of retraining, mean of {settings.Seeds} seeds";
        var chart = new LineChart(title, DisplayText.Percent, fromZero: false, curves);
        if (dense.Count > 0) chart.AddLevel("dense", "threshold", dense.Mean(r => r.Test));
        return chart.Draw();
    }

    private Dictionary<int, CellResult> Runs(
        CellResults results, string plan, int epochs, string criterion, string schedule) =>
        settings.Finished(results, seed => Retrained(seed, plan, epochs, criterion, schedule));

    private Cell Dense(int seed) => settings.DenseRun(
        seed, Factors("dense", "none", "none", "dense", epochs: 0), s_steps);

    private Cell DenseOn(int seed, int epochs, string schedule) => settings.Cell(
        seed,
        Factors("dense", "none", schedule, "dense", epochs),
        [.. After(epochs, schedule), ("pruning.widths", "{}")],
        (Dense(seed), settings.Epochs));

    private Cell Retrained(int seed, string plan, int epochs, string criterion, string schedule) => settings.Cell(
        seed,
        Factors("pruned", plan, criterion, schedule, epochs),
        [.. After(epochs, schedule), ("pruning.widths", _widths[plan]), ("pruning.criterion", criterion)],
        (Dense(seed), settings.Epochs));

    private Cell Scratch(int seed, string plan, int epochs) => settings.Cell(
        seed,
        Factors("scratch", plan, "none", "scratch", epochs),
        [
            ("pruning.policy", "init"), ("pruning.widths", _widths[plan]), ("pruning.criterion", "random"), s_steps,
            ("training.epochs", Text(settings.Epochs + epochs)),
        ]);

    private static (string, string)[] Factors(
        string method, string plan, string criterion, string schedule, int epochs) =>
    [
        ("method", method), ("plan", plan), ("criterion", criterion), ("schedule", schedule), ("budget", Text(epochs)),
    ];

    private static (string, string)[] After(int epochs, string schedule) =>
    [
        ("pruning.policy", "after"), s_steps, ("pruning.retraining.schedule", schedule),
        ("pruning.retraining.epochs", Text(epochs)),
    ];

    private static Dictionary<string, string> Widths(StudySettings settings, IReadOnlyList<string> plans)
    {
        var network = settings.Network.Build(settings.Network.StandardInput, settings.Images.Classes);
        return plans.ToDictionary(plan => plan, plan => JsonSerializer.Serialize(PublishedPlans.Widths(plan, network)));
    }
}
