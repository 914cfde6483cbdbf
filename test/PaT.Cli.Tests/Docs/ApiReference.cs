using System.Reflection;
using System.Text;

namespace PaT.Cli.Tests;

/// <summary>Writes the pages of docs/api from the public types of the library and their XML docs: a page a folder of the source.</summary>
internal sealed class ApiReference
{
    private readonly XmlDocs _docs = new(Path.ChangeExtension(typeof(ImageClassifier).Assembly.Location, ".xml"));
    private readonly ILookup<string, Type> _pages;

    /// <summary>Looks at the library.</summary>
    /// <param name="source">Its source folder: where a type's file lies decides on its page.</param>
    public ApiReference(string source)
    {
        var folders = Directory.GetFiles(source, "*.cs", SearchOption.AllDirectories).ToLookup(f => Path.GetFileNameWithoutExtension(f), f => Path.GetRelativePath(source, f).Split('/')[0]);
        _pages = typeof(ImageClassifier).Assembly.GetExportedTypes().Where(t => !t.IsNested)
            .OrderBy(t => t.Name, StringComparer.Ordinal).ToLookup(t => folders[t.Name.Split('`')[0]].FirstOrDefault() is { } folder && !folder.EndsWith(".cs", StringComparison.Ordinal) ? folder : "Run");
    }

    /// <summary>Names of the files and their content.</summary>
    public IEnumerable<(string File, string Text)> Pages()
    {
        var index = new StringBuilder("# API reference\n\nThe public types of `Microsoft.ML.PaT`, by the folders of the source. Made from the XML docs: `PAT_WRITE_RESULTS=1 ./test.sh --long ApiReference` writes these pages anew.\n");
        foreach (var page in _pages.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            index.Append($"\n## [{page.Key}]({page.Key}.md)\n\n| type | |\n|---|---|\n");
            foreach (var type in page) index.Append($"| [{Signatures.Name(type)}]({page.Key}.md#{Anchor(type)}) | {_docs.Summary(type)} |\n");
            yield return ($"{page.Key}.md", $"# {page.Key}\n" + string.Concat(page.Select(Describe)));
        }
        yield return ("README.md", index.ToString());
    }

    private string Describe(Type type)
    {
        var text = new StringBuilder($"\n## {Signatures.Name(type)}\n\n{Signatures.Kind(type)}. {_docs.Summary(type)}\n");
        if (_docs.Text(type, "remarks") is { Length: > 0 } remarks) text.Append($"\n{remarks}\n");
        foreach (var (name, what) in _docs.Named(type, "param")) text.Append($"\n- `{name}`: {what}");
        text.Append('\n');
        const BindingFlags Own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var values = type.GetMembers(Own).Where(m => m is PropertyInfo or FieldInfo { IsSpecialName: false }).Where(_docs.Has).ToList();
        if (values.Count > 0)
        {
            text.Append("\n| | |\n|---|---|\n");
            foreach (var member in values) text.Append($"| `{Signatures.Of(member)}` | {$"{_docs.Summary(member)} {_docs.Text(member, "value")}".Trim().ReplaceLineEndings(" ").Replace("|", "\\|")} |\n");
        }
        foreach (var method in type.GetMembers(Own).OfType<MethodBase>().Where(m => m is ConstructorInfo || !m.IsSpecialName).Where(_docs.Has))
        {
            text.Append($"\n### `{Signatures.Of(method)}`\n\n{_docs.Summary(method)}\n");
            var details = _docs.Named(method, "param").Select(p => $"- `{p.Name}`: {p.Text}").ToList();
            if (_docs.Text(method, "returns") is { Length: > 0 } returns) details.Add($"- returns: {returns}");
            details.AddRange(_docs.Named(method, "exception").Select(e => $"- throws `{e.Name}`: {e.Text}"));
            if (details.Count > 0) text.Append($"\n{string.Join('\n', details)}\n");
            if (_docs.Text(method, "remarks") is { Length: > 0 } more) text.Append($"\n{more}\n");
        }
        return text.ToString();
    }

    private static string Anchor(Type type) => new([.. Signatures.Name(type).ToLowerInvariant().Where(c => char.IsLetterOrDigit(c))]);
}
