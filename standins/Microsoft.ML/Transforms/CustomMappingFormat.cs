using System.Reflection;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>A saved custom mapping: contract name and assembly name, nothing else. Loading looks the contract up among the marked classes of that assembly.</summary>
internal static class CustomMappingFormat
{
    internal const string Kind = "CustomMapping";

    internal static void Save(ModelSaveContext ctx, string contractName, Assembly assembly)
    {
        if (contractName is null) throw new InvalidOperationException("Empty contract name for a transform: the transform cannot be saved");
        var writer = ctx.Begin(Kind, 1);
        writer.Write(contractName);
        writer.Write(assembly.FullName);
    }

    internal static ITransformer Load(ModelLoadContext ctx)
    {
        var reader = ctx.Expect(1);
        string contractName = reader.ReadString(), assemblyName = reader.ReadString();
        var catalog = ctx.Environment.ComponentCatalog;
        if (Loaded(assemblyName) is { } assembly) catalog.RegisterAssembly(assembly, throwOnError: false);
        return catalog.CreateExtension(typeof(CustomMappingFactoryAttributeAttribute), contractName) is ICustomMappingFactory factory
            ? factory.Create(contractName)
            : throw new InvalidOperationException($"The class registered for the contract '{contractName}' is no CustomMappingFactory.");
    }

    /// <summary>The assembly if it is loaded or lies beside the application; else the contract must have been registered by the application.</summary>
    private static Assembly Loaded(string name)
    {
        try
        {
            return Assembly.Load(new AssemblyName(name));
        }
        catch (Exception e) when (e is FileNotFoundException or FileLoadException or BadImageFormatException or ArgumentException)
        {
            return null;
        }
    }
}
