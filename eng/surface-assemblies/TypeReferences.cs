using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace SurfaceAssemblies;

/// <summary>Types by name as an assembly's metadata refers to them: its own, those of the other listings, .NET's.</summary>
internal sealed class TypeReferences(MetadataBuilder metadata, ListedAssembly self, IReadOnlyDictionary<string, ListedAssembly> owners, FrameworkTypes framework)
{
    private readonly Dictionary<string, TypeDefinitionHandle> _own = self.Types.Keys.Select((name, row) => (name, row)).ToDictionary(t => t.name, t => MetadataTokens.TypeDefinitionHandle(t.row + 2), StringComparer.Ordinal);
    private readonly Dictionary<string, EntityHandle> _others = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AssemblyReferenceHandle> _assemblies = new(StringComparer.Ordinal);

    internal TypeDefinitionHandle Own(string name) => _own[name];

    /// <exception cref="UnlistedTypeException">Neither a listing nor .NET has it.</exception>
    internal EntityHandle Find(string name)
    {
        if (_own.TryGetValue(name, out var own)) return own;
        if (_others.TryGetValue(name, out var known)) return known;
        string assembly = owners.TryGetValue(name, out var owner) ? owner.Name
            : framework.Find(name) is { } found ? found.Assembly
            : throw new UnlistedTypeException(name);
        int nested = name.LastIndexOf('+');
        int dot = name.LastIndexOf('.');
        var reference = nested >= 0
            ? metadata.AddTypeReference(Find(name[..nested]), default, metadata.GetOrAddString(name[(nested + 1)..]))
            : metadata.AddTypeReference(Assembly(assembly), dot < 0 ? default : metadata.GetOrAddString(name[..dot]), metadata.GetOrAddString(name[(dot + 1)..]));
        return _others[name] = reference;
    }

    internal bool IsValueType(string name) =>
        owners.TryGetValue(name, out var owner) ? owner.Types[name].Kind is "struct" or "enum" : framework.Find(name)?.Type.IsValueType ?? false;

    /// <summary>How many classes a base class has above itself.</summary>
    internal int Depth(TypeText type)
    {
        if (owners.TryGetValue(type.Name, out var owner)) return 100 + owner.Types[type.Name].Bases.Count;
        int depth = 0;
        for (var above = framework.Find(type.Name)?.Type; above is not null; above = above.BaseType) depth++;
        return depth;
    }

    private AssemblyReferenceHandle Assembly(string name)
    {
        if (_assemblies.TryGetValue(name, out var known)) return known;
        bool ours = owners.Values.Any(a => a.Name == name);
        var real = ours ? null : System.Reflection.Assembly.Load(name).GetName();
        return _assemblies[name] = metadata.AddAssemblyReference(metadata.GetOrAddString(name), real?.Version ?? AssemblyWriter.Version, default,
            real?.GetPublicKeyToken() is { Length: > 0 } token ? metadata.GetOrAddBlob(token) : default, default, default);
    }
}

internal sealed class UnlistedTypeException(string name) : Exception($"{name} is neither listed nor part of .NET")
{
}
