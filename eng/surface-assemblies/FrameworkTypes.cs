using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace SurfaceAssemblies;

/// <summary>Which of .NET's assemblies a compiler finds a type in, and whether it is a value type.</summary>
internal sealed class FrameworkTypes
{
    private readonly Dictionary<string, string> _assemblies = new(StringComparer.Ordinal);

    internal FrameworkTypes()
    {
        string folder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        // Facades that only repeat others come last; the private core is no reference of anybody's.
        foreach (string path in Directory.GetFiles(folder, "System*.dll").Where(p => !Path.GetFileName(p).Contains(".Private.")).OrderBy(p => Path.GetFileName(p) is "System.Runtime.dll" ? 0 : Path.GetFileName(p) is "System.dll" or "System.Core.dll" ? 2 : 1).ThenBy(p => p, StringComparer.Ordinal))
        {
            using var file = new PEReader(File.OpenRead(path));
            if (!file.HasMetadata) continue;
            var reader = file.GetMetadataReader();
            string assembly = Path.GetFileNameWithoutExtension(path);
            foreach (var type in reader.TypeDefinitions.Select(reader.GetTypeDefinition))
                _assemblies.TryAdd(FullName(reader, type.Namespace, type.Name), assembly);
            foreach (var type in reader.ExportedTypes.Select(reader.GetExportedType))
                _assemblies.TryAdd(FullName(reader, type.Namespace, type.Name), assembly);
        }
    }

    /// <summary>Null for a type that .NET does not have.</summary>
    internal (string Assembly, Type Type)? Find(string name)
    {
        string outer = name.Split('+')[0];
        if (!_assemblies.TryGetValue(outer, out string? assembly)) return null;
        var type = Type.GetType($"{name}, {assembly}", throwOnError: false);
        return type is { IsVisible: true } ? (assembly, type) : null;
    }

    private static string FullName(MetadataReader reader, StringHandle space, StringHandle name) =>
        space.IsNil ? reader.GetString(name) : $"{reader.GetString(space)}.{reader.GetString(name)}";
}
