using System.Reflection;

namespace SurfaceAssemblies;

/// <summary>
/// What the listings do not say and the stand-ins know: parameter names, default values, modifiers, constraints, attributes.
/// Members are found by their line in the listing.
/// </summary>
internal sealed class StandInKnowledge
{
    private readonly Dictionary<string, Type> _types;
    private readonly Dictionary<string, MemberInfo> _members;
    private readonly ILookup<string, MethodInfo> _bySignature;

    internal StandInKnowledge(IEnumerable<Assembly> standIns)
    {
        _types = standIns.SelectMany(a => a.GetTypes()).Where(t => t.IsVisible).ToDictionary(PublicSurface.TypeName, StringComparer.Ordinal);
        var members = _types.Values.Where(t => !t.IsEnum).SelectMany(PublicSurface.Members).ToArray();
        _members = members.GroupBy(PublicSurface.Line, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        _bySignature = members.OfType<MethodInfo>().Where(m => !m.IsStatic).ToLookup(m => Signature(PublicSurface.Line(m), PublicSurface.TypeName(m.DeclaringType!)), StringComparer.Ordinal);
    }

    internal Type? Find(string type) => _types.GetValueOrDefault(type);

    /// <summary>The stand-in's member; for a method also the one that the stand-in has one class further down.</summary>
    internal MemberInfo? Find(string type, string line) =>
        _members.TryGetValue(line, out var member) ? member
        : Find(type) is { } above ? _bySignature[Signature(line, type)].FirstOrDefault(m => Bases(m.DeclaringType!).Contains(above)) : null;

    /// <summary>The stand-in's members of that name in that type.</summary>
    internal IEnumerable<MethodInfo> Siblings(string type, string method) =>
        Find(type) is { } found ? PublicSurface.Members(found).OfType<MethodInfo>().Where(m => m.Name == method) : [];

    private static string Signature(string line, string type) => line.Replace($"method {type}.", ".", StringComparison.Ordinal);

    private static IEnumerable<Type> Bases(Type type)
    {
        for (var above = type.BaseType; above is not null; above = above.BaseType)
            yield return above.IsGenericType ? above.GetGenericTypeDefinition() : above;
    }
}
