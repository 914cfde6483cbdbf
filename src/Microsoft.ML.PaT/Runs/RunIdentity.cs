using System.Globalization;
using Microsoft.ML.PaT.Recipe;
using TorchSharp;

namespace Microsoft.ML.PaT.Runs;

/// <summary>
/// Identifies a run by its recipe, images, device and threads. Runs with the same identity give the same network.
/// </summary>
internal sealed class RunIdentity
{
    private const string Threads = "threads";

    private readonly SortedDictionary<string, string> _values;

    /// <param name="device">The device that trains.</param>
    /// <param name="threads">
    /// Threads on a CPU; null if sums do not depend on them: on a GPU, and in several processes, whose number may
    /// change when the run resumes.
    /// </param>
    /// <param name="validation">Images to measure accuracy on; null for none.</param>
    public RunIdentity(
        TrainingRecipe recipe, NetworkDefinition network, torch.Device device, int? threads, ImageDataset training,
        ImageDataset? validation)
    {
        _values = new(RecipeJson.Flatten(recipe.Resolve(network)), StringComparer.Ordinal)
        {
            ["device"] = device.type.ToString(),
            ["training images"] = Described(training),
            ["validation images"] = validation is null ? "none" : Described(validation),
        };
        if (threads is { } count) _values[Threads] = count.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The recipe's fields by path, and the data.</summary>
    public IReadOnlyDictionary<string, string> Values => _values;

    /// <summary>16 hexadecimal digits.</summary>
    public string Hash => TextHash.Of(string.Join('\n', _values.Select(v => $"{v.Key}: {v.Value}")));

    /// <summary>The differences to the run that wrote a checkpoint, one phrase each.</summary>
    /// <param name="pruningToo">False for a branch, which may prune differently.</param>
    public IReadOnlyList<string> Differences(IReadOnlyDictionary<string, string> other, bool pruningToo)
    {
        const string None = "none";
        return
        [
            .. from name in _values.Keys.Union(other.Keys)
               where pruningToo || !name.StartsWith("pruning.", StringComparison.Ordinal)
               where !RecipeJson.FreeOnResume.Contains(name)
               // Several processes have no number of threads to compare.
               where name != Threads || (_values.ContainsKey(name) && other.ContainsKey(name))
               let was = other.GetValueOrDefault(name, None)
               let now = _values.GetValueOrDefault(name, None)
               where was != now
               select name.EndsWith("images", StringComparison.Ordinal)
                   ? $"the {name} are not the same"
                   : $"{name} was {was} and is {now}",
        ];
    }

    private static string Described(ImageDataset images) =>
        FormattableString.Invariant($"{images.Count} of {images.Shape} {images.ComputeHash()}");
}
