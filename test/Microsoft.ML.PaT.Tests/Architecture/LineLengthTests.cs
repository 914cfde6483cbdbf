namespace Microsoft.ML.PaT.Tests;

/// <summary>Lines have at most 120 columns, except for data and URLs: .editorconfig, max_line_length.</summary>
public class LineLengthTests
{
    private const int Columns = 120;

    /// <summary>A longer word is data, such as base64, or a URL; its line cannot be wrapped.</summary>
    private const int LongestWord = 80;

    [Test]
    public void Lines_have_at_most_120_columns() => Assert.That(
        from source in Sources()
        from line in LongLines(source.File)
        select $"{source.Folder}/{Path.GetFileName(source.File)}:{line}",
        Is.Empty);

    private static IEnumerable<(string Folder, string File)> Sources()
    {
        var root = Path.GetDirectoryName(Repository.File("PaT.sln"))!;
        return from top in (string[])["src", "test", "benchmarks"]
               from file in Directory.EnumerateFiles(Path.Combine(root, top), "*.cs", SearchOption.AllDirectories)
               let folder = Path.GetRelativePath(root, Path.GetDirectoryName(file)!).Replace('\\', '/')
               where !folder.Split('/').Any(part => part is "bin" or "obj")
               select (folder, file);
    }

    private static IEnumerable<int> LongLines(string file) =>
        from line in File.ReadLines(file).Index()
        where line.Item.Length > Columns && line.Item.Split(' ').All(word => word.Length <= LongestWord)
        select line.Index + 1;
}
