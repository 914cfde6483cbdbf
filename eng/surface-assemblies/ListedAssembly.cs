namespace SurfaceAssemblies;

/// <summary>A listing (standins/surface), by type.</summary>
internal sealed class ListedAssembly(string name)
{
    private static readonly string[] _typeKinds = ["class", "struct", "interface", "enum", "delegate"];

    internal string Name { get; } = name;

    /// <summary>Types by name; a type that contains another one comes before it.</summary>
    internal SortedDictionary<string, ListedType> Types { get; } = new(StringComparer.Ordinal);

    internal static ListedAssembly Read(string path)
    {
        var assembly = new ListedAssembly(Path.GetFileNameWithoutExtension(path));
        var lines = File.ReadAllLines(path).Where(l => l.Length > 0).Select(l => (Line: l, Kind: l[..l.IndexOf(' ')], Text: l[(l.IndexOf(' ') + 1)..])).ToArray();
        foreach (var (_, kind, rest) in lines.Where(l => _typeKinds.Contains(l.Kind))) assembly.Types.Add(rest, new ListedType(kind, rest));
        foreach (var (line, kind, rest) in lines.Where(l => !_typeKinds.Contains(l.Kind))) assembly.Add(line, kind, rest);
        return assembly;
    }

    private void Add(string line, string kind, string rest)
    {
        switch (kind)
        {
            case "base" or "implements":
                var (type, above) = Split(rest, " : ");
                (kind == "base" ? Types[type].Bases : Types[type].Contracts).Add(TypeText.Parse(above));
                break;
            case "value":
                Types[rest[..rest.LastIndexOf('.')]].Values.Add(rest[(rest.LastIndexOf('.') + 1)..]);
                break;
            case "field":
                var (name, fieldType) = Split(rest, " : ");
                var (declaring, field) = SplitLast(name);
                Types[declaring].Fields.Add(new ListedField(line, field, TypeText.Parse(fieldType)));
                break;
            case "ctor":
                var (constructed, inside) = Split(rest, "(");
                Types[constructed].Methods.Add(new ListedMethod(line, ".ctor", 0, Parameters(inside[..^1]), null));
                break;
            case "method":
                var (path, tail) = Split(rest, "(");
                var (owner, method) = SplitLast(path);
                var (parameters, result) = Split(tail, ") : ");
                int tick = method.IndexOf('`');
                Types[owner].Methods.Add(new ListedMethod(line, tick < 0 ? method : method[..tick], tick < 0 ? 0 : int.Parse(method[(tick + 1)..]), Parameters(parameters), TypeText.Parse(result)));
                break;
            default:
                throw new FormatException($"{Name}: '{line}' is no line of a listing.");
        }
    }

    private static ListedParameter[] Parameters(string text) => TypeText.SplitTopLevel(text).Select(ListedParameter.Parse).ToArray();

    private static (string, string) Split(string text, string at) =>
        text.IndexOf(at, StringComparison.Ordinal) is >= 0 and int i ? (text[..i], text[(i + at.Length)..]) : throw new FormatException($"'{at}' is missing in '{text}'.");

    private static (string, string) SplitLast(string text) => (text[..text.LastIndexOf('.')], text[(text.LastIndexOf('.') + 1)..]);
}

internal sealed record ListedType(string Kind, string Name)
{
    internal List<TypeText> Bases { get; } = [];
    internal List<TypeText> Contracts { get; } = [];
    internal List<string> Values { get; } = [];
    internal List<ListedField> Fields { get; } = [];
    internal List<ListedMethod> Methods { get; } = [];

    internal int Arity => TypeText.Arity(Name);
}

internal sealed record ListedField(string Line, string Name, TypeText Type);

internal sealed record ListedMethod(string Line, string Name, int Arity, ListedParameter[] Parameters, TypeText? Result);

/// <param name="Passing">"", "ref", "out" or "in".</param>
internal sealed record ListedParameter(string Passing, TypeText Type, bool IsOptional)
{
    internal static ListedParameter Parse(string text)
    {
        bool optional = text.EndsWith('=');
        if (optional) text = text[..^1];
        string passing = new[] { "ref", "out", "in" }.FirstOrDefault(p => text.StartsWith(p + " ", StringComparison.Ordinal)) ?? "";
        return new ListedParameter(passing, TypeText.Parse(passing.Length == 0 ? text : text[(passing.Length + 1)..]), optional);
    }
}
