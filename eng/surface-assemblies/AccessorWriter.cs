using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace SurfaceAssemblies;

/// <summary>A method of a property or an event: the listings show nothing else of them.</summary>
internal sealed record Accessor(string Name, MethodSemanticsAttributes Role, ListedMethod Method, MethodDefinitionHandle Row, bool IsStatic, MethodBase? Known)
{
    internal static Accessor? Of(ListedMethod method, MethodDefinitionHandle row, bool isStatic, MethodBase? known)
    {
        int at = method.Name.IndexOf('_') + 1;
        MethodSemanticsAttributes? role = method.Name[..at] switch
        {
            "get_" => MethodSemanticsAttributes.Getter,
            "set_" => MethodSemanticsAttributes.Setter,
            "add_" => MethodSemanticsAttributes.Adder,
            "remove_" => MethodSemanticsAttributes.Remover,
            _ => null,
        };
        return role is null ? null : new Accessor(method.Name[at..], role.Value, method, row, isStatic, known);
    }

    internal ListedParameter[] Indices => Role == MethodSemanticsAttributes.Setter ? Method.Parameters[..^1] : Method.Parameters;

    internal bool IsOfProperty => Role is MethodSemanticsAttributes.Getter or MethodSemanticsAttributes.Setter;
}

/// <summary>Puts accessors of one name and the same indices together.</summary>
internal sealed class AccessorWriter(MetadataBuilder metadata, SignatureWriter signatures, AttributeWriter attributes)
{
    internal void Write(TypeDefinitionHandle type, IReadOnlyCollection<Accessor> accessors, bool hasDefaultMember)
    {
        bool first = true;
        foreach (var property in accessors.Where(a => a.IsOfProperty).GroupBy(a => (a.Name, a.IsStatic, string.Join(", ", a.Indices.Select(i => $"{i.Passing} {i.Type}")))))
        {
            var one = property.OrderBy(a => a.Role == MethodSemanticsAttributes.Getter ? 0 : 1).First();
            bool isGetter = one.Role == MethodSemanticsAttributes.Getter;
            var row = metadata.AddProperty(PropertyAttributes.None, metadata.GetOrAddString(one.Name), signatures.Property(one.IsStatic, one.Indices, isGetter ? one.Method.Result! : one.Method.Parameters[^1].Type, isGetter ? one.Known : null));
            if (first) metadata.AddPropertyMap(type, row);
            first = false;
            if (KnownProperty(one) is { } known) attributes.Copy(row, known.GetCustomAttributesData());
            if (one.Indices.Length > 0 && !hasDefaultMember)
            {
                attributes.Add<DefaultMemberAttribute>(type, one.Name);
                hasDefaultMember = true;
            }
            foreach (var accessor in property) metadata.AddMethodSemantics(row, accessor.Role, accessor.Row);
        }
        first = true;
        foreach (var pair in accessors.Where(a => !a.IsOfProperty).GroupBy(a => a.Name).Where(g => g.Count() == 2))
        {
            var row = metadata.AddEvent(EventAttributes.None, metadata.GetOrAddString(pair.Key), signatures.Type(pair.First().Method.Parameters[0].Type));
            if (first) metadata.AddEventMap(type, row);
            first = false;
            foreach (var accessor in pair) metadata.AddMethodSemantics(row, accessor.Role, accessor.Row);
        }
    }

    private static PropertyInfo? KnownProperty(Accessor accessor) => accessor.Known?.DeclaringType!
        .GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        .FirstOrDefault(p => p.GetAccessors(true).Contains(accessor.Known));
}
