using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace PaT.Cli.Tests;

/// <summary>The XML docs of an assembly as Markdown.</summary>
/// <param name="file">The file that the compiler wrote beside the assembly.</param>
internal sealed partial class XmlDocs(string file)
{
    private readonly Dictionary<string, XElement> _members = XDocument.Load(file).Descendants("member").ToDictionary(m => (string)m.Attribute("name")!);

    /// <summary>Whether a member is described by itself; what is inherited is described elsewhere.</summary>
    public bool Has(MemberInfo member) => _members.TryGetValue(Id(member), out var docs) && docs.Element("summary") is not null;

    public string Summary(MemberInfo member) => Text(member, "summary").ReplaceLineEndings(" ");

    /// <summary>The text of an element; empty for none.</summary>
    public string Text(MemberInfo member, string element) => _members.GetValueOrDefault(Id(member))?.Element(element) is { } found ? Markdown(found) : "";

    /// <summary>Elements with a name or a reference: parameters, exceptions.</summary>
    public IEnumerable<(string Name, string Text)> Named(MemberInfo member, string element) =>
        _members.GetValueOrDefault(Id(member))?.Elements(element).Select(e => ((string?)e.Attribute("name") ?? Short((string)e.Attribute("cref")!), Markdown(e).ReplaceLineEndings(" "))) ?? [];

    private static string Markdown(XElement element)
    {
        var text = string.Concat(element.Nodes().Select(node => node switch
        {
            XElement { Name.LocalName: "see" or "paramref" or "typeparamref" } reference => $"`{Short((string?)reference.Attribute("cref") ?? (string?)reference.Attribute("name") ?? (string?)reference.Attribute("langword") ?? "")}`",
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement { Name.LocalName: "code" } code => $"\n```\n{Unindented(code.Value)}\n```\n",
            XElement { Name.LocalName: "br" } => "\n\n",
            XElement other => Markdown(other) + "\n\n",
            var words => Indentation().Replace(words.ToString()!, "\n").Replace("&lt;", "<").Replace("&gt;", ">").Replace("&amp;", "&"),
        }));
        return text.Trim();
    }

    /// <summary><c>M:A.B.C.Run(System.Int32)</c> is <c>C.Run</c> for people; a type is its own name.</summary>
    private static string Short(string cref)
    {
        var name = cref.Split('(')[0];
        var parts = name.Split(':')[^1].Split('.');
        return Arity().Replace(name.StartsWith("T:", StringComparison.Ordinal) || parts.Length < 2 || !name.Contains(':') ? parts[^1] : $"{parts[^2]}.{parts[^1]}", "");
    }

    private static string Unindented(string code)
    {
        var lines = code.Trim('\n').Split('\n');
        var depth = lines.Where(l => l.Trim().Length > 0).Select(l => l.Length - l.TrimStart().Length).DefaultIfEmpty().Min();
        return string.Join('\n', lines.Select(l => l.Length >= depth ? l[depth..] : "")).TrimEnd();
    }

    private static string Id(MemberInfo member) => member switch
    {
        Type type => $"T:{type.FullName!.Replace('+', '.')}",
        FieldInfo => $"F:{Owner(member)}.{member.Name}",
        PropertyInfo => $"P:{Owner(member)}.{member.Name}",
        MethodBase method => $"M:{Owner(member)}.{(method.IsConstructor ? "#ctor" : method.Name)}{Generic(method)}{Parameters(method)}",
        _ => "",
    };

    private static string Owner(MemberInfo member) => member.DeclaringType!.FullName!.Replace('+', '.');

    private static string Generic(MethodBase method) => method.IsGenericMethod ? $"``{method.GetGenericArguments().Length}" : "";

    private static string Parameters(MethodBase method) => method.GetParameters() is { Length: > 0 } parameters ? $"({string.Join(',', parameters.Select(p => TypeId(p.ParameterType)))})" : "";

    private static string TypeId(Type type)
    {
        if (type.IsByRef) return $"{TypeId(type.GetElementType()!)}@";
        if (type.IsArray) return $"{TypeId(type.GetElementType()!)}[]";
        if (type.IsGenericParameter) return $"{(type.DeclaringMethod is null ? "`" : "``")}{type.GenericParameterPosition}";
        if (!type.IsGenericType) return type.FullName!.Replace('+', '.');
        return $"{type.GetGenericTypeDefinition().FullName!.Split('`')[0].Replace('+', '.')}{{{string.Join(',', type.GetGenericArguments().Select(TypeId))}}}";
    }

    [GeneratedRegex(@"\n[ \t]*")]
    private static partial Regex Indentation();

    [GeneratedRegex("`+[0-9]+")]
    private static partial Regex Arity();
}
