namespace Microsoft.ML.PaT.Tests;

/// <summary>
/// Lines have at most 120 columns, except for data and URLs: .editorconfig, max_line_length. The text of decisions has
/// at most 100. Rows of tables and code in Markdown cannot be wrapped.
/// </summary>
public class LineLengthTests
{
    private const int Columns = 120;
    private const int DecisionColumns = 100;

    /// <summary>Most files have 50 to 200 lines; a longer one has two subjects.</summary>
    private const int FileLines = 350;

    /// <summary>The whole run on one page.</summary>
    private const int RunLines = 120;

    /// <summary>A longer word is data, such as base64, or a URL; its line cannot be wrapped.</summary>
    private const int LongestWord = 80;

    [Test]
    public void Lines_have_at_most_120_columns() => Assert.That(
        from source in Sources()
        from line in LongLines(source.File)
        select $"{source.Folder}/{Path.GetFileName(source.File)}:{line}",
        Is.Empty);

    [Test]
    public void Lines_of_text_in_Markdown_have_at_most_120_columns() => Assert.That(
        from page in Pages()
        let columns = page.Contains("/docs/decisions/", StringComparison.Ordinal) ? DecisionColumns : Columns
        from line in TextLines(page)
        where line.Text.Length > columns && line.Text.Split(' ').All(word => word.Length <= LongestWord)
        select $"{Path.GetFileName(page)}:{line.Number}",
        Is.Empty);

    [Test]
    public void Files_have_at_most_350_lines() => Assert.That(
        from source in Sources()
        let most = Path.GetFileName(source.File) == "PruningAwareRun.cs" ? RunLines : FileLines
        where File.ReadLines(source.File).Count() > most
        select $"{source.Folder}/{Path.GetFileName(source.File)}",
        Is.Empty);

    private static IEnumerable<string> Pages()
    {
        var root = Path.GetDirectoryName(Repository.File("PaT.sln"))!;
        return
        [
            .. Directory.EnumerateFiles(root, "*.md"),
            .. Directory.EnumerateFiles(Path.Combine(root, "docs"), "*.md", SearchOption.AllDirectories),
            Path.Combine(root, "src", "Samples", "README.md"),
        ];
    }

    private static IEnumerable<(int Number, string Text)> TextLines(string page)
    {
        var isCode = false;
        foreach (var (index, text) in File.ReadLines(page).Index())
        {
            if (text.StartsWith("```", StringComparison.Ordinal)) isCode = !isCode;
            else if (!isCode && !text.StartsWith('|') && !text.StartsWith("    ", StringComparison.Ordinal))
                yield return (index + 1, text);
        }
    }

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
