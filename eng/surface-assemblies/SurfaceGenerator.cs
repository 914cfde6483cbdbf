using System.Reflection;

namespace SurfaceAssemblies;

/// <summary>One assembly a listing: what is listed can be compiled against, every body throws <see cref="NotSupportedException"/>.</summary>
internal static class SurfaceGenerator
{
    /// <summary>Writes the assemblies; returns what could not be expressed.</summary>
    internal static IReadOnlyList<LeftOut> Write(string listings, string output, IEnumerable<string> standIns)
    {
        var assemblies = Directory.GetFiles(listings, "*.txt").Order(StringComparer.Ordinal).Select(ListedAssembly.Read).ToArray();
        var owners = assemblies.SelectMany(a => a.Types.Keys.Select(t => (Type: t, Assembly: a))).ToDictionary(o => o.Type, o => o.Assembly, StringComparer.Ordinal);
        var knowledge = new StandInKnowledge(standIns.Select(path => Assembly.LoadFrom(Path.GetFullPath(path))));
        var framework = new FrameworkTypes();
        Directory.CreateDirectory(output);
        var leftOut = new List<LeftOut>();
        foreach (var assembly in assemblies)
        {
            var writer = new AssemblyWriter(assembly, owners, knowledge, framework, leftOut);
            File.WriteAllBytes(Path.Combine(output, assembly.Name + ".dll"), writer.Write());
        }
        return leftOut;
    }
}

/// <summary>A line of a listing that no assembly holds, and why.</summary>
internal sealed record LeftOut(string Line, string Reason);
