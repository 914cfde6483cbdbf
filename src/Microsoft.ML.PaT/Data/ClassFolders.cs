using System.Text;

namespace Microsoft.ML.PaT.Data;

/// <summary>
/// Finds the class and the part of the data set (training, validation, test) of an image from its folders.
/// </summary>
internal static class ClassFolders
{
    private const string Train = "train", Validation = "validation", Test = "test";
    private const string Outside = "image outside the folders train, validation and test";
    private const string Beside = "image next to the class folders";
    private const string Again = "image reached again through a link";

    private static readonly Dictionary<string, string> s_parts = new(StringComparer.OrdinalIgnoreCase)
    {
        [Train] = Train, ["training"] = Train,
        ["val"] = Validation, ["valid"] = Validation, [Validation] = Validation,
        [Test] = Test, ["testing"] = Test,
    };

    /// <summary>Sorts images into parts and classes. Images without a class are left out.</summary>
    public static ImageFolder Sort(string origin, IEnumerable<FoundFile> files, LeftOutFiles leftOut)
    {
        var images = files.OrderBy(f => f.Name, StringComparer.Ordinal).Select(f => new Placed(f, f.Name.Split('/')))
            .ToList();
        while (IsWrapped(images)) images = images.ConvertAll(i => i with { Folders = i.Folders[1..] });
        var parts = Parts(images);
        var sorted = images.ToLookup(i => Part(i, parts));
        leftOut.Add(Outside, sorted[Outside].Count());
        leftOut.Add(Beside, sorted[Beside].Count());
        var chosen = WithoutRepeats([.. sorted[Train], .. sorted[Validation], .. sorted[Test]], leftOut);
        return new(origin, Rows(Train), Rows(Validation), Rows(Test),
            [.. sorted[Beside].Select(i => i.File.Labeled(""))], leftOut.Counts);

        List<LabeledImage> Rows(string part) =>
            [.. sorted[part].Where(i => chosen.Contains(i.File)).Select(i => i.File.Labeled(i.Class(parts)))];
    }

    /// <summary>Whether all images are in one folder that is neither a class nor a part of the data set.</summary>
    private static bool IsWrapped(List<Placed> images) => images.Count > 0
        && images.TrueForAll(i => i.Folders.Length > 2 && i.Folders[0] == images[0].Folders[0])
        && !s_parts.ContainsKey(images[0].Folders[0]);

    /// <summary>The top folders of a part: those that contain class folders.</summary>
    private static Dictionary<string, string> Parts(List<Placed> images)
    {
        var tops = images.Where(i => i.Folders.Length > 1).ToLookup(i => i.Folders[0]);
        var parts = tops.Where(t => s_parts.ContainsKey(t.Key) && t.All(i => i.Folders.Length > 2))
            .ToDictionary(t => t.Key, t => s_parts[t.Key]);
        var others = tops.Where(t => !parts.ContainsKey(t.Key)).Select(t => t.Key).ToHashSet();
        if (others.Count == 0) return parts;
        var named = tops.Where(t => parts.ContainsKey(t.Key)).SelectMany(t => t.Select(i => i.Folders[1]));
        // A folder "train" next to other class folders, or a "test" with other classes, is a class itself.
        return parts.Values.Contains(Train) ? parts.Values.Distinct().Count() > 1 ? parts : []
            : named.Any(others.Contains) ? parts : [];
    }

    private static string Part(Placed image, Dictionary<string, string> parts) =>
        image.Folders.Length < 2 ? Beside
        : parts.TryGetValue(image.Folders[0], out var part) ? part
        : parts.Values.Contains(Train) ? Outside
        : Train;

    /// <summary>Each file once. A path without links is preferred.</summary>
    private static HashSet<FoundFile> WithoutRepeats(List<Placed> images, LeftOutFiles leftOut)
    {
        var files = images.ConvertAll(i => i.File);
        if (!files.Exists(f => f.IsLinked)) return [.. files];
        HashSet<FoundFile> chosen = [.. files.GroupBy(f => f.Real).Select(g => g.MinBy(f => f.IsLinked)!)];
        leftOut.Add(Again, files.Count - chosen.Count);
        return chosen;
    }

    private readonly record struct Placed(FoundFile File, string[] Folders)
    {
        public string Class(Dictionary<string, string> parts) =>
            Folders[parts.ContainsKey(Folders[0]) ? 1 : 0].Normalize(NormalizationForm.FormC);
    }
}
