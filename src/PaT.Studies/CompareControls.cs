using System.Text.Json;
using static PaT.Studies.StudySettings;

namespace PaT.Studies;

/// <summary>
/// Runs beside the indicator's: other channels pruned at its epoch, and small networks trained from their first step.
/// </summary>
/// <param name="settings">What all cells have in common.</param>
/// <param name="ratio">Fraction of the channels to remove.</param>
/// <param name="criterion">Criterion of the indicator's run.</param>
internal sealed class CompareControls(StudySettings settings, double ratio, string criterion)
{
    private readonly (string Name, string Criterion, string Ranking)[] _choices =
        [("random channels", "random", "global"), ("uniform widths", criterion, "per-layer")];

    /// <summary>The runs that follow from the dense run and the indicator's run of a seed.</summary>
    /// <param name="run">The dense run, whose first epochs the runs pruned at the indicator's epoch share.</param>
    /// <param name="dense">Its result.</param>
    /// <param name="indicator">The result of the indicator's run.</param>
    /// <param name="seed">The seed.</param>
    public IEnumerable<Control> Of(Cell run, CellResult dense, CellResult indicator, int seed) =>
        indicator.PrunedAt is { } at
            ? [.. FromScratch(dense, indicator, seed), .. AtEpoch(run, dense, indicator, at, seed)]
            : [];

    private IEnumerable<Control> AtEpoch(
        Cell run, CellResult dense, CellResult pruned, double at, int seed)
    {
        var epoch = Math.Min(settings.Epochs - 1, (int)Math.Round(at));
        var policy = $"epoch:{epoch}";
        (string Kind, double Left)[] costs =
            [("macs", (double)pruned.Macs / dense.Macs), ("parameters", (double)pruned.Parameters / dense.Parameters)];
        return costs.SelectMany(cost => _choices.Select(choice => Run(
            $"{choice.Name}, equal {cost.Kind}", "equal epochs", choice.Criterion, seed,
            [
                ("pruning.policy", policy), ("pruning.target", Target(cost.Kind, cost.Left)),
                ("pruning.criterion", choice.Criterion), ("pruning.ranking", choice.Ranking),
            ],
            (run, epoch))));
    }

    private IEnumerable<Control> FromScratch(CellResult dense, CellResult pruned, int seed)
    {
        (string Name, (string Path, string Value)[] Changes)[] shapes =
        [
            ("its widths from scratch", [("pruning.widths", JsonSerializer.Serialize(pruned.Widths))]),
            (
                "uniform widths from scratch",
                [
                    ("pruning.target", Target("macs", (double)pruned.Macs / dense.Macs)),
                    ("pruning.ranking", "per-layer"),
                ]),
        ];
        List<(string Name, int Epochs)> budgets = [("equal epochs", settings.Epochs)];
        if (EpochsOfEqualSeconds(pruned) is { } epochs) budgets.Add(("equal seconds", epochs));
        return shapes.SelectMany(shape => budgets.Select(budget => Run(
            $"{shape.Name}, {budget.Name}", budget.Name, "random", seed,
            [
                ("pruning.policy", "init"), ("pruning.criterion", "random"), .. shape.Changes,
                ("training.epochs", Text(budget.Epochs)),
            ])));
    }

    // The speeds are those of the indicator's own run, so the number is fixed before the control starts.
    private static int? EpochsOfEqualSeconds(CellResult pruned) => pruned.CompactEpochSeconds is { } seconds
        ? Math.Max(1, (int)Math.Round(pruned.Seconds / seconds))
        : null;

    private Control Run(
        string name, string budget, string criterion, int seed, (string Path, string Value)[] changes,
        (Cell Cell, int Epochs)? start = null)
    {
        (string, string)[] factors =
        [
            ("method", name), ("budget", budget), ("criterion", criterion), ("ratio", Text(ratio)),
            ("policy", changes.First(change => change.Path == "pruning.policy").Value),
        ];
        return new(name, settings.Cell(seed, factors, changes, start));
    }

    private static string Target(string kind, double left) => $"{kind}:{Text(Math.Round(1 - left, 4))}";

    /// <param name="Name">Name in tables.</param>
    /// <param name="Cell">The run.</param>
    internal sealed record Control(string Name, Cell Cell)
    {
        /// <summary>
        /// Whether it answers why not to train a small network from the start, or whether scores choose channels better
        /// than chance.
        /// </summary>
        public bool IsDecisive =>
            Name is "random channels, equal macs" or "its widths from scratch, equal epochs"
            || Name.EndsWith("equal seconds");
    }
}
