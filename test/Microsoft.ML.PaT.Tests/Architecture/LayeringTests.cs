namespace Microsoft.ML.PaT.Tests;

/// <summary>A folder of the library may use only folders below it: docs/decisions/floors.md.</summary>
public class LayeringTests
{
    /// <summary>
    /// From the lowest floor to the highest. A subfolder without an entry belongs to its parent's floor.
    /// </summary>
    private static readonly string[] s_floors =
    [
        "Errors", "Shared", "Core", "Internal", "Distributed", "Onnx", "Modeling", "Pruning/Channels", "Results",
        "Data", "Training", "Pruning/Budget", "Pruning/Scoring", "Pruning/Policies", "Serving", "Recipe", "Reporting",
        "Runs", "Pipeline", "",
    ];

    [Test]
    public void No_folder_of_the_library_uses_a_folder_above_it()
    {
        using var references = new FolderReferences(
            typeof(PruningAwareTrainingOptions).Assembly.Location, "src/Microsoft.ML.PaT", "src/Shared");
        Assert.That(Problems(references, s_floors), Is.Empty);
    }

    [Test]
    public void Upward_references_circles_and_unknown_folders_are_found()
    {
        using var references =
            new FolderReferences(typeof(LayeringFixture.Low.Base).Assembly.Location, "test/Support/LayeringFixture");
        Assert.That(
            Problems(references, ["Low", "High"]),
            Is.EquivalentTo(
                new[]
                {
                    "Low uses High, which lies above it: Microsoft.ML.PaT.LayeringFixture.Low.Base -> "
                        + "Microsoft.ML.PaT.LayeringFixture.High.Top",
                    "Elsewhere has no floor",
                }));
    }

    private static IEnumerable<string> Problems(FolderReferences references, string[] floors)
    {
        foreach (var type in references.WithoutFolder) yield return $"{type} has no known folder";
        foreach (var folder in references.Folders.Where(f => f != "?" && FloorOf(f, floors) < 0))
            yield return $"{folder} has no floor";
        foreach (var (from, to, because) in references.Edges().Distinct())
        {
            var (source, target) = (FloorOf(from, floors), FloorOf(to, floors));
            if (source >= 0 && target > source) yield return $"{from} uses {to}, which lies above it: {because}";
        }
    }

    private static int FloorOf(string folder, string[] floors)
    {
        for (var at = folder; ; at = at.Contains('/') ? at[..at.LastIndexOf('/')] : "")
        {
            var floor = Array.IndexOf(floors, at);
            if (floor >= 0 && (at != "" || folder == "")) return floor;
            if (at == "") return -1;
        }
    }
}
