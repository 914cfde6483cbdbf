using System.Globalization;

namespace PaT.Studies;

/// <summary>Common settings of all cells of a study.</summary>
public sealed record StudySettings
{
    /// <summary>The recipe that cells vary: network, epochs, batch size, learning rate.</summary>
    /// <value><see cref="Networks.ResNet20"/> if the recipe names no network.</value>
    public required TrainingRecipe Recipe
    {
        get;
        init
        {
            field = value with { Network = value.Network ?? Networks.ResNet20 };
            WeightsHash = HashOf(field);
        }
    }

    /// <summary>
    /// <see cref="WeightsFile.ComputeHash"/> of the files that <see cref="Recipe"/> names by their paths, the weights
    /// and the network's ONNX file; null without such files. It is computed when the recipe is set.
    /// </summary>
    public string? WeightsHash { get; private init; }

    /// <summary>The network that cells train.</summary>
    public NetworkArchitecture Network => Recipe.Network!;

    /// <summary>The images.</summary>
    public required StudyImages Images { get; init; }

    /// <summary>Number of training images; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>
    /// Number of seeds, counted from 1. Cells of the same seed are paired: same images, initial weights and order.
    /// </summary>
    public required int Seeds { get; init; }

    /// <summary>Threads per cell.</summary>
    public required int Threads { get; init; }

    /// <summary>Cells that run at a time.</summary>
    public required int Parallel { get; init; }

    /// <summary><c>cpu</c> or <c>cuda</c>; null for a GPU if there is one.</summary>
    public string? Device { get; init; }

    /// <summary>Epochs of a dense run.</summary>
    public int Epochs => Recipe.Training.Epochs;

    /// <summary>The seeds.</summary>
    public IEnumerable<int> AllSeeds => Enumerable.Range(1, Seeds);

    /// <summary>A cell.</summary>
    /// <param name="seed">Its seed.</param>
    /// <param name="factors">The factors that vary within the study, without the seed.</param>
    /// <param name="changes">
    /// Fields of the recipe and their values, such as <c>pruning.policy</c> and <c>epi</c>.
    /// </param>
    /// <param name="start">A dense cell and the number of its epochs to continue; null for none.</param>
    public Cell Cell(
        int seed,
        IEnumerable<(string Name, string Value)> factors,
        IEnumerable<(string Path, string Value)> changes,
        (Cell Cell, int Epochs)? start = null)
    {
        var recipe = Recipe with { Seed = seed };
        string? problem = null;
        foreach (var (path, value) in changes)
        {
            try
            {
                recipe = recipe.With(path, value);
            }
            catch (InvalidOptionsException e)
            {
                // The error is reported before the first run, together with those of the other cells.
                problem = e.Message.ReplaceLineEndings("; ");
            }
        }
        return Studies.Cell.Of(recipe, this, start, problem) with { Factors = [.. factors, ("seed", Text(seed))] };
    }

    /// <summary>A run that is never pruned, so that others can start from its checkpoints.</summary>
    /// <param name="seed">Its seed.</param>
    /// <param name="factors">The factors that vary within the study, without the seed.</param>
    /// <param name="changes">Other fields of the recipe.</param>
    public Cell DenseRun(
        int seed,
        IEnumerable<(string Name, string Value)> factors,
        params IEnumerable<(string Path, string Value)> changes) =>
        Cell(seed, [.. factors, ("policy", "never")], [("pruning.policy", "never"), .. changes]);

    // The check of the cells reports a missing file.
    internal static string? HashOf(TrainingRecipe recipe)
    {
        string?[] files = [recipe.Weights?.Path, recipe.Network!.WeightsPath];
        var hashes = files.Where(File.Exists).Select(path => new WeightsFile(path!).ComputeHash()).ToList();
        return hashes.Count > 0 ? string.Concat(hashes) : null;
    }

    /// <summary>A number as the value of a field.</summary>
    public static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The settings in one line.</summary>
    public string Describe(IReadOnlyList<string> machines)
    {
        var images = Limit is { } n ? n.ToString("N0", CultureInfo.InvariantCulture) : "all";
        var rate = Recipe.Resolve().Training.LearningRate!.Value;
        var test = Images.Test.ToString("N0", CultureInfo.InvariantCulture);
        return $"{Network.Name} on {Images.Name}, {images} training and {test} test images, {Epochs} epochs, "
            + $"batch {Recipe.Training.BatchSize}, learning rate {Text(rate)}, seeds 1 to {Seeds}, "
            + $"{Parallel} cells at a time. {string.Join("; ", machines)}";
    }
}
