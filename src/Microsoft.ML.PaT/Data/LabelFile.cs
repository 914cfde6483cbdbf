using System.Text;

namespace Microsoft.ML.PaT.Data;

/// <summary>A table with the path of an image and its class in each row, separated by commas or tabs.</summary>
internal static class LabelFile
{
    private static readonly string[] s_names = ["labels.csv", "labels.tsv"];
    private static readonly string[] s_pathColumns =
        ["path", "file", "filename", "file_name", "filepath", "file_path", "image", "imagepath", "image_path", "name"];
    private static readonly string[] s_labelColumns =
        ["label", "class", "classname", "class_name", "category", "target"];

    public static bool IsOne(string path) => Path.GetExtension(path).ToLowerInvariant() is ".csv" or ".tsv";

    /// <summary>The label file of a folder; null for none.</summary>
    public static string? In(string folder) =>
        s_names.Select(n => Path.Combine(folder, n)).FirstOrDefault(File.Exists);

    public static ImageFolder Read(string file, CancellationToken cancellation)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var name = Path.GetFileName(file);
        var leftOut = new LeftOutFiles();
        var unlisted = new LeftOutFiles();
        var images = new List<LabeledImage>();
        var files = new FolderWalk(folder, unlisted, cancellation).Files()
            .Where(f => f.Name != name).ToLookup(f => Normal(f.Name));
        var listed = new HashSet<string>(StringComparer.Ordinal);
        var missing = new List<string>();
        foreach (var (number, path, label) in Rows(file))
        {
            var below = Normal(Path.IsPathRooted(path) ? Path.GetRelativePath(folder, path) : path);
            var found = files[below].FirstOrDefault() ?? Elsewhere(folder, below);
            if (found is null) missing.Add($"line {number}: {path}");
            else if (!listed.Add(below)) leftOut.Add($"repeated row of {name}");
            else images.Add((found with { Name = below }).Labeled(label.Normalize(NormalizationForm.FormC)));
        }
        if (missing.Count > 0) leftOut.Add($"row of {name} without a file (the first in {missing[0]})", missing.Count);
        leftOut.Add($"file without a row in {name}", files.Count(f => !listed.Contains(f.Key)));
        return new(file, images, [], [], [], leftOut.Counts);
    }

    private static FoundFile? Elsewhere(string folder, string below)
    {
        var path = Path.GetFullPath(Path.Combine(folder, below));
        return File.Exists(path) ? FoundFile.OnDisk(below, path, path, isLinked: false) : null;
    }

    private static string Normal(string path)
    {
        var normal = path.Replace('\\', '/').Normalize(NormalizationForm.FormC);
        while (normal.StartsWith("./", StringComparison.Ordinal)) normal = normal[2..];
        return normal;
    }

    private static IEnumerable<(int Number, string Path, string Label)> Rows(string file)
    {
        var separator = Path.GetExtension(file).Equals(".tsv", StringComparison.OrdinalIgnoreCase) ? '\t' : ',';
        var (path, label) = (0, 1);
        var number = 0;
        // The reader recognizes UTF-16 and byte order marks.
        using var reader = new StreamReader(file);
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            var fields = Fields(line, separator, file, number);
            if (number == 1 && Column(fields, s_pathColumns) is >= 0 and var p
                && Column(fields, s_labelColumns) is >= 0 and var l)
            {
                (path, label) = (p, l);
                continue;
            }
            if (fields.Count <= Math.Max(path, label) || fields[path] == "" || fields[label] == "")
                throw Refused(file, number, "a row needs the path of an image and its class");
            yield return (number, fields[path], fields[label]);
        }
    }

    private static int Column(List<string> fields, string[] names) =>
        fields.FindIndex(f => names.Contains(f, StringComparer.OrdinalIgnoreCase));

    /// <summary>Splits a row into fields. Separators inside quotes belong to the field (RFC 4180).</summary>
    private static List<string> Fields(string line, char separator, string file, int number)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        for (var i = 0; i <= line.Length; i++)
        {
            if (i == line.Length || line[i] == separator)
            {
                fields.Add(field.ToString().Trim());
                field.Clear();
            }
            else if (line[i] != '"' || field.Length > 0) field.Append(line[i]);
            else
                for (i++; ; i++)
                {
                    if (i >= line.Length) throw Refused(file, number, "a quoted field does not end");
                    if (line[i] != '"') field.Append(line[i]);
                    else if (i + 1 < line.Length && line[i + 1] == '"') field.Append(line[i++]);
                    else break;
                }
        }
        return fields;
    }

    private static InvalidImageDataException Refused(string file, int number, string what) =>
        new(
            ErrorCodes.ImageSourceInvalid,
            $"{file}, line {number}: {what}; give rows such as \"cat/1.jpg,cat\", with a tab in a .tsv file.");
}
