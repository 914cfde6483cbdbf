namespace PaT.Studies;

/// <summary>A column of a study's CSV file.</summary>
/// <param name="Name">Name in the header.</param>
/// <param name="Value">The value of a cell; null for an empty field.</param>
public sealed record CsvColumn(string Name, Func<Cell, CellResult, object?> Value)
{
    /// <summary>The columns of studies whose cells are pruned at some epoch: when, by what, how much.</summary>
    public static IReadOnlyList<CsvColumn> OfRuns(StudySettings settings) =>
    [
        .. Source(settings), Factor("criterion"), Factor("ratio"), Factor("policy"),
        new("prune_epoch", (_, r) => r.PrunedAt), Factor("seed"), .. Accuracy, .. Size,
        new("mac_epochs", (_, r) => Round(r.MacEpochs)),
        new("seconds", (_, r) => Round(r.Seconds)), new("wall_seconds", (_, r) => Round(r.WallSeconds)),
        new("threads", (cell, _) => cell.Threads), new("latency_ms", (_, r) => r.LatencyMs), Epochs,
    ];

    /// <summary>The columns of studies whose cells retrain a pruned network.</summary>
    public static IReadOnlyList<CsvColumn> OfRetraining(StudySettings settings) =>
    [
        .. Source(settings), Factor("plan"), Factor("criterion"), Factor("schedule"), Factor("budget"), Factor("seed"),
        .. Accuracy, .. Size, Epochs,
    ];

    private static CsvColumn[] Accuracy =>
        [new("test_accuracy", (_, r) => r.Test), new("validation_accuracy", (_, r) => r.Validation)];

    private static CsvColumn[] Size => [new("parameters", (_, r) => r.Parameters), new("macs", (_, r) => r.Macs)];

    private static CsvColumn Epochs => new("epochs", (_, r) => r.Epochs);

    private static CsvColumn[] Source(StudySettings settings) =>
        [new("dataset", (_, _) => settings.Images.Name), new("network", (_, _) => settings.Network.Name)];

    private static CsvColumn Factor(string name) => new(name, (cell, _) => cell.Factor(name));

    private static double Round(double value) => Math.Round(value, 4);
}
