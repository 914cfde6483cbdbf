using System.Text.Json;
using System.Text.Json.Nodes;

namespace PaT.Studies;

/// <summary>
/// One run of a study: a recipe, its images, and the weights or the checkpoint it starts from. These alone determine
/// its identity, so studies that need the same run share it.
/// </summary>
public sealed record Cell
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    private Cell(
        TrainingRecipe recipe, string data, string? weights, int? limit, int threads, string? device,
        (string Cell, int Epochs)? start, string? problem)
    {
        (Recipe, Data, Weights, Limit) = (recipe, data, weights, limit);
        (Threads, Device, Start, Problem) = (threads, device, start, problem);
        var identity = Json();
        identity["recipe"] = recipe.Hash;
        if (problem is not null) identity["problem"] = problem;
        Id = TextHash.Of(identity.ToJsonString());
    }

    /// <summary>The recipe.</summary>
    public TrainingRecipe Recipe { get; }

    /// <summary>Fingerprint of the images.</summary>
    public string Data { get; }

    /// <summary><see cref="StudySettings.WeightsHash"/>.</summary>
    public string? Weights { get; }

    /// <summary>Number of training images; null for all.</summary>
    public int? Limit { get; }

    /// <summary>Threads of the run.</summary>
    public int Threads { get; }

    /// <summary><c>cpu</c> or <c>cuda</c>; null for a GPU if there is one.</summary>
    public string? Device { get; }

    /// <summary>The dense cell whose first epochs this one continues, and their number; null for none.</summary>
    public (string Cell, int Epochs)? Start { get; }

    /// <summary>16 hexadecimal digits: the name of the cell's folder.</summary>
    public string Id { get; }

    /// <summary>The factors that vary within the study, for tables; not part of the identity.</summary>
    public IReadOnlyList<(string Name, string Value)> Factors { get; init; } = [];

    /// <summary>The problem with the values that the study set; null for none.</summary>
    public string? Problem { get; }

    /// <summary>Name in tables and messages.</summary>
    public string Name => string.Join(", ", Factors.Select(f => f.Name is "method" ? f.Value : $"{f.Name} {f.Value}"));

    /// <summary>Epochs that this run trains itself.</summary>
    public int TrainedEpochs => Recipe.Training.Epochs - (Start?.Epochs ?? 0)
        + (Recipe.Pruning.Policy == PruningPolicy.AfterTraining ? Recipe.Pruning.Retraining?.Epochs ?? 0 : 0);

    /// <summary>Creates a cell with the images of a study.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="settings">Images, weights, threads and device.</param>
    /// <param name="start">A dense cell and the number of its epochs to continue; null for none.</param>
    /// <param name="problem">The problem with the values of the recipe; null for none.</param>
    public static Cell Of(
        TrainingRecipe recipe, StudySettings settings, (Cell Cell, int Epochs)? start = null, string? problem = null)
    {
        // The last dense epoch computes scores, so a run can only continue the epochs before it.
        (string, int)? from = start is { Epochs: >= 2 } given ? (given.Cell.Id, given.Epochs - 1) : null;
        return new(
            recipe, settings.Images.Fingerprint, settings.WeightsHash, settings.Limit, settings.Threads,
            settings.Device, from, problem);
    }

    /// <summary>The value of a factor; empty if the cell does not have it.</summary>
    public string Factor(string name) => Factors.FirstOrDefault(f => f.Name == name).Value ?? "";

    /// <summary>The options of the run, without its folders.</summary>
    public PruningAwareTrainingOptions Options => new(Recipe)
    {
        Threads = Threads,
        Device = Device switch
        {
            "cpu" => ComputeDevice.Cpu,
            "cuda" => ComputeDevice.Cuda,
            _ => ComputeDevice.Automatic,
        },
    };

    /// <summary>
    /// The checkpoints of the run. A run that is never pruned keeps all of them, because others start from them.
    /// </summary>
    /// <param name="folder">The folder of the cell.</param>
    public CheckpointOptions Checkpoints(CellFolder folder) => new()
    {
        Folder = folder.Checkpoints,
        Resume = true,
        Keep = Recipe.Pruning.Policy == PruningPolicy.Never ? Recipe.Training.Epochs : 2,
        StartFrom = Start is { } from
            ? CheckpointOptions.PathAfter(folder.Sibling(from.Cell).Checkpoints, from.Epochs)
            : null,
    };

    /// <summary>Reads a cell from its file.</summary>
    /// <exception cref="CellFailedException">The file does not describe a cell.</exception>
    public static Cell Read(string path)
    {
        try
        {
            var json = JsonNode.Parse(File.ReadAllText(path))!;
            (string, int)? start = json["start"] is { } from ? ((string)from["cell"]!, (int)from["epochs"]!) : null;
            return new(
                TrainingRecipe.FromJson(json["recipe"]!.ToJsonString()), (string)json["data"]!,
                (string?)json["weights"], (int?)json["limit"], (int)json["threads"]!, (string?)json["device"], start,
                problem: null);
        }
        catch (Exception e)
            when (e is JsonException or NullReferenceException or InvalidOperationException or InvalidOptionsException)
        {
            throw new CellFailedException($"{path} describes no cell; delete its folder and start the study again", e);
        }
    }

    /// <summary>Checks that the files with initial weights are those of the study.</summary>
    /// <exception cref="CellFailedException">A file is missing, or has other content.</exception>
    public void RequireWeights()
    {
        if (StudySettings.HashOf(Recipe) == Weights) return;
        throw new CellFailedException(
            $"the weights in {Recipe.Weights?.Path ?? Recipe.Network!.WeightsPath} are missing or not those of the "
            + "cell: restore the file, or start the study again");
    }

    /// <summary>Writes the cell to a file for <see cref="Read"/>.</summary>
    public void Write(string path)
    {
        var json = Json();
        json["recipe"] = JsonNode.Parse(Recipe.ToJson());
        File.WriteAllText(path, json.ToJsonString(s_indented));
    }

    /// <summary>Two cells are equal if they are the same run.</summary>
    public bool Equals(Cell? other) => other?.Id == Id;

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode(StringComparison.Ordinal);

    private JsonObject Json()
    {
        var json = new JsonObject { ["data"] = Data, ["threads"] = Threads };
        if (Weights is { } weights) json["weights"] = weights;
        if (Limit is { } limit) json["limit"] = limit;
        if (Device is { } device) json["device"] = device;
        if (Start is { } start) json["start"] = new JsonObject { ["cell"] = start.Cell, ["epochs"] = start.Epochs };
        return json;
    }
}
