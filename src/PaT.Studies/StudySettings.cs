using System.Globalization;

namespace PaT.Studies;

/// <summary>What all cells of a study have in common.</summary>
public sealed record StudySettings
{
    private const int WidthStepProbe = 8;

    /// <summary>The network.</summary>
    public required string Network { get; init; }

    /// <summary>The architecture of that name.</summary>
    public required NetworkArchitecture Architecture { get; init; }

    /// <summary>The images.</summary>
    public required StudyImages Images { get; init; }

    /// <summary>Training images; null for all.</summary>
    public required int? Limit { get; init; }

    /// <summary>Epochs of a run.</summary>
    public required int Epochs { get; init; }

    /// <summary>Images a step.</summary>
    public required int Batch { get; init; }

    /// <summary>The highest learning rate.</summary>
    public required double LearningRate { get; init; }

    /// <summary>How many seeds, counted from 1. Cells of the same seed are paired: same images, same initial weights, same order.</summary>
    public required int Seeds { get; init; }

    /// <summary>Threads of a cell.</summary>
    public required int Threads { get; init; }

    /// <summary>Cells at a time.</summary>
    public required int Parallel { get; init; }

    /// <summary>The device by its name on the command line; null for the GPU where there is one.</summary>
    public required string? Device { get; init; }

    /// <summary>More arguments of <c>train</c> for all cells.</summary>
    public required IReadOnlyDictionary<string, string> More { get; init; }

    /// <summary>The seeds.</summary>
    public IEnumerable<int> AllSeeds => Enumerable.Range(1, Seeds);

    /// <summary>A cell.</summary>
    /// <param name="seed">Its seed.</param>
    /// <param name="factors">What varies within the study, without the seed.</param>
    /// <param name="own">Its own arguments of <c>train</c>, which win over those of all.</param>
    public Cell Cell(int seed, IEnumerable<(string Name, string Value)> factors, IEnumerable<(string Name, string Value)> own)
    {
        var arguments = new Dictionary<string, string>
        {
            ["--network"] = Network, ["--epochs"] = Text(Epochs), ["--batch"] = Text(Batch), ["--lr"] = Text(LearningRate), ["--seed"] = Text(seed), ["--threads"] = Text(Threads),
            // Measured steps could differ from cell to cell; what is compared must not.
            ["--round-to"] = Text(WidthStepProbe),
        };
        if (Limit is { } images)
        {
            arguments["--limit"] = Text(images);
        }

        if (Device is not null)
        {
            arguments["--device"] = Device;
        }

        foreach (var (name, value) in More.Select(m => (m.Key, m.Value)).Concat(own))
        {
            arguments[name] = value;
        }

        return new Cell(Images.Fingerprint, arguments, [.. factors, ("seed", Text(seed))]);
    }

    /// <summary>A run that is never pruned and keeps a checkpoint of every epoch, so that others can begin with it.</summary>
    /// <param name="seed">Its seed.</param>
    /// <param name="factors">What varies within the study, without the seed.</param>
    /// <param name="own">Its own arguments of <c>train</c>.</param>
    public Cell DenseRun(int seed, IEnumerable<(string Name, string Value)> factors, IReadOnlyList<(string Name, string Value)> own) => Cell(
        seed, factors, [("--policy", "never"), ("--keep-checkpoints", own.Where(a => a.Name == "--epochs").Select(a => a.Value).LastOrDefault(Text(Epochs))), .. own]);

    /// <summary>A number as an argument.</summary>
    /// <param name="value">The number.</param>
    public static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>What was run, in one line.</summary>
    /// <param name="machines">Where.</param>
    public string Describe(IReadOnlyList<string> machines) => FormattableString.Invariant(
        $"{Network} on {Images.Name}, {(Limit is { } n ? $"{n:N0}" : "all")} training and {Images.Test:N0} test images, {Epochs} epochs, batch {Batch}, learning rate {LearningRate}, seeds 1 to {Seeds}, {Parallel} cells at a time{(More.Count > 0 ? $", {string.Join(' ', More.Select(m => $"{m.Key} {m.Value}".Trim()))}" : "")}. {string.Join("; ", machines)}");
}
