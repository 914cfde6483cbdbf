using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace PaT.Cli.Tests;

/// <summary>
/// Every error code is unique, thrown, and listed in docs/errors.md with the exception that carries it.
/// </summary>
public sealed partial class ErrorCodesTests
{
    private static readonly string s_root =
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../.."));

    private static readonly Dictionary<string, string> s_codes = (
        (Type[])[typeof(ErrorCodes), typeof(CliErrorCodes), typeof(PaT.Studies.StudyErrorCodes)])
        .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
        .ToDictionary(
            field => $"{field.DeclaringType!.Name}.{field.Name}", field => (string)field.GetRawConstantValue()!);

    private static readonly string s_source = string.Concat(
        Directory.EnumerateFiles(Path.Combine(s_root, "src"), "*.cs", SearchOption.AllDirectories)
            .Select(File.ReadAllText));

    private static readonly Dictionary<string, string> s_documented = Row()
        .Matches(File.ReadAllText(Path.Combine(s_root, "docs/errors.md")))
        .ToDictionary(row => row.Groups["code"].Value, row => row.Groups["exception"].Value);

    [Test]
    public void Codes_are_unique_and_spelled_as_their_constants()
    {
        Assert.That(s_codes.Values, Is.Unique);
        Assert.That(s_codes.Select(c => c.Value.Replace("-", "")), Is.EqualTo(
            s_codes.Select(c => c.Key.Split('.')[1].ToLowerInvariant())));
    }

    [Test]
    public void Every_code_is_thrown() => Assert.That(
        s_codes.Keys.Where(name => !Regex.IsMatch(s_source, $@"(?<!\w){Regex.Escape(name)}\b(?! *(&&|\)))")), Is.Empty);

    [Test]
    public void The_page_lists_every_code() => Assert.That(s_documented.Keys, Is.EquivalentTo(s_codes.Values));

    [Test]
    public void The_page_names_the_exception_of_every_code()
    {
        var thrown = Thrown()
            .Matches(s_source)
            .Select(m => (Code: s_codes[m.Groups["code"].Value], Type: m.Groups["type"].Value));
        Assert.That(thrown.Where(t => s_documented[t.Code] != t.Type).Distinct(), Is.Empty);
    }

    [GeneratedRegex(@"^\| `(?<code>[a-z-]+)` \| `(?<exception>\w+)` \| [^|]+ \| [^|]+ \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"new (?<type>\w+Exception)\(\s*(?<code>(Cli|Study)?ErrorCodes\.\w+)")]
    private static partial Regex Thrown();

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
