namespace SurfaceAssemblies;

/// <summary>A type as the listings write it: <c>Name`1&lt;!0, Other[]&gt;[,]*</c>.</summary>
/// <param name="Name">Full name with + for nesting, or !n / !!n.</param>
/// <param name="Arguments">Generic arguments; empty for a generic type within itself.</param>
/// <param name="Suffixes">What is around it, innermost first: "*", or "[" commas "]".</param>
internal sealed record TypeText(string Name, TypeText[] Arguments, string[] Suffixes, bool IsByRef)
{
    internal static TypeText Parse(string text)
    {
        bool byRef = text.StartsWith("ref ", StringComparison.Ordinal);
        if (byRef) text = text[4..];
        int end = text.IndexOfAny(['<', '[', '*']);
        if (end < 0) return new TypeText(text, [], [], byRef);
        string name = text[..end];
        TypeText[] arguments = [];
        if (text[end] == '<')
        {
            int close = Closing(text, end);
            arguments = SplitTopLevel(text[(end + 1)..close]).Select(Parse).ToArray();
            end = close + 1;
        }
        var suffixes = new List<string>();
        while (end < text.Length)
        {
            int next = text[end] == '*' ? end + 1 : text.IndexOf(']', end) + 1;
            suffixes.Add(text[end..next]);
            end = next;
        }
        return new TypeText(name, arguments, [.. suffixes], byRef);
    }

    /// <summary>Parts between the commas that are inside no bracket.</summary>
    internal static IEnumerable<string> SplitTopLevel(string text)
    {
        if (text.Length == 0) yield break;
        int depth = 0, start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is '<' or '[') depth++;
            else if (text[i] is '>' or ']') depth--;
            else if (text[i] == ',' && depth == 0)
            {
                yield return text[start..i];
                start = i + 2;
            }
        }
        yield return text[start..];
    }

    public override string ToString() =>
        (IsByRef ? "ref " : "") + Name + (Arguments.Length == 0 ? "" : $"<{string.Join<TypeText>(", ", Arguments)}>") + string.Concat(Suffixes);

    /// <summary>Generic parameters of a type and of the types around it.</summary>
    internal static int Arity(string name) => name.Split('+').Sum(part => part.IndexOf('`') is >= 0 and int tick ? int.Parse(part[(tick + 1)..]) : 0);

    private static int Closing(string text, int open)
    {
        int depth = 0;
        for (int i = open; i < text.Length; i++)
        {
            if (text[i] == '<') depth++;
            else if (text[i] == '>' && --depth == 0) return i;
        }
        throw new FormatException($"'{text}' lacks a closing bracket.");
    }
}
