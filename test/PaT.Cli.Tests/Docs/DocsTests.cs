using System.CommandLine;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace PaT.Cli.Tests;

/// <summary>
/// What README and guide say is so: their code compiles, their commands and options exist, their links lead somewhere.
/// </summary>
public sealed partial class DocsTests
{
    private static readonly string s_root =
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../.."));

    /// <summary>Options that belong to other programs than ours.</summary>
    private static readonly string[] s_foreign = ["--help", "--urls", "--data-binary", "--project", "--long"];

    /// <summary>What the text before a block says when it is code for packages that are not referenced here.</summary>
    private const string NotCompiled = "not compiled here";

    private static IEnumerable<string> Pages() =>
        (
            (string[])
                [
                    "README.md",
                    .. Directory
                        .GetFiles(Path.Combine(s_root, "docs/guide"), "*.md")
                        .Select(f => Path.GetRelativePath(s_root, f)),
                    "docs/how-it-works.md", "docs/errors.md",
                ]).Order(StringComparer.Ordinal);

    private static IEnumerable<string> AllPages() =>
        Directory.GetFiles(s_root, "*.md")
            .Append(Path.Combine(s_root, "src/Samples/README.md"))
            .Concat(Directory.GetFiles(Path.Combine(s_root, "docs"), "*.md", SearchOption.AllDirectories))
            .Select(f => Path.GetRelativePath(s_root, f))
            .Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Pages))]
    public void Its_code_is_code_that_compiles(string page)
    {
        string[] sources =
        [
            .. Directory.GetFiles(Path.Combine(s_root, "test/PaT.Cli.Tests/Docs"), "*.cs"),
            .. Directory.GetFiles(Path.Combine(s_root, "src/Samples"), "*.cs", SearchOption.AllDirectories),
        ];
        var compiled = Squeezed(string.Concat(sources.Select(File.ReadAllText)));
        var parts = Text(page).Split("```csharp");
        var blocks = parts.Zip(parts.Skip(1))
            .Where(pair => !LastParagraph(pair.First).Contains(NotCompiled))
            .Select(pair => pair.Second.Split("```")[0]);
        Assert.That(
            blocks, Has.All.Matches<string>(block => compiled.Contains(Squeezed(block!), StringComparison.Ordinal)));
    }

    [TestCaseSource(nameof(Pages))]
    public void Its_commands_are_understood(string page)
    {
        var root = PatCommandLine.Describe();
        var errors = from line in Text(page).Split('\n')
                     let command = line.Trim()
                     where command.StartsWith("./run.sh ", StringComparison.Ordinal)
                     where command.Split(" #")[0].TrimEnd() != "./run.sh"
                     from words in Alternatives(command.Split(" #")[0]["./run.sh ".Length..].Trim())
                     let parsed = root.Parse(words)
                     where parsed.Errors.Count > 0
                     select $"{command}: {parsed.Errors[0].Message}";
        Assert.That(errors, Is.Empty);
    }

    [TestCaseSource(nameof(Pages))]
    public void Its_recipe_fields_exist_and_take_their_values(string page) =>
        Assert.Multiple(() =>
        {
            foreach (Match set in Setting().Matches(Text(page)))
            {
                Assert.That(
                    () => new TrainingRecipe().With(set.Groups[1].Value, set.Groups[2].Value),
                    Throws.Nothing,
                    set.Value);
            }
        });

    [TestCaseSource(nameof(Pages))]
    public void Its_options_exist(string page)
    {
        var known = OptionsOf(PatCommandLine.Describe()).Select(o => o.Name).Concat(s_foreign).ToHashSet();
        var named = Spans()
            .Matches(Text(page))
            .SelectMany(span => Option().Matches(span.Value))
            .Select(option => option.Value)
            .Distinct();
        Assert.That(named.Where(option => !known.Contains(option)), Is.Empty);
    }

    [TestCaseSource(nameof(AllPages))]
    public void Its_links_lead_somewhere(string page)
    {
        var folder = Path.GetDirectoryName(Path.Combine(s_root, page))!;
        var broken = Link().Matches(Text(page)).Select(m => m.Groups[1].Value)
            .Where(link => !link.StartsWith("http", StringComparison.Ordinal) && !link.StartsWith('#'))
            .Where(link => !Path.Exists(Path.Combine(folder, link.Split('#')[0])));
        Assert.That(broken, Is.Empty);
    }

    private static IEnumerable<Option> OptionsOf(Command command) =>
        command.Options.Concat(command.Subcommands.SelectMany(OptionsOf));

    /// <summary><c>a|b --help</c> is two commands.</summary>
    private static IEnumerable<string> Alternatives(string command)
    {
        var (name, rest) = command.Split(' ', 2) is [var first, var others] ? (first, others) : (command, "");
        return name.Split('|').Select(n => $"{n} {rest}".Trim());
    }

    private static string LastParagraph(string text) => text.Trim().Split("\n\n")[^1];

    private static string Text(string page) => File.ReadAllText(Path.Combine(s_root, page));

    private static string Squeezed(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));

    private static string ThisFile([CallerFilePath] string path = "") => path;

    [GeneratedRegex("`[^`\n]+`")]
    private static partial Regex Spans();

    [GeneratedRegex("--[a-z][a-z0-9-]*")]
    private static partial Regex Option();

    [GeneratedRegex("--set ([a-zA-Z.]+)=([^\\s`]+)")]
    private static partial Regex Setting();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
