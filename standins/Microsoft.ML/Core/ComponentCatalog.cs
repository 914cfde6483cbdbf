using System.Reflection;

namespace Microsoft.ML.Runtime;

/// <summary>Finds classes that saved models refer to by a contract name.</summary>
public sealed class ComponentCatalog
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _assemblies = [];
    private readonly Dictionary<(Type Attribute, string Contract), Type> _extensions = [];

    internal ComponentCatalog() { }

    /// <summary>Makes the marked classes of an assembly known. Doing it twice does nothing.</summary>
    public void RegisterAssembly(Assembly assembly, bool throwOnError = true)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        lock (_lock)
        {
            if (!_assemblies.Add(assembly.FullName)) return;
            foreach (var type in assembly.GetTypes())
                if (type.IsClass && !type.IsAbstract && type.GetCustomAttribute<ExtensionBaseAttribute>(inherit: false) is { } marked
                    && !_extensions.TryAdd((marked.GetType(), marked.ContractName), type) && throwOnError)
                    throw new InvalidOperationException($"Contract '{marked.ContractName}' is claimed by {_extensions[(marked.GetType(), marked.ContractName)]} and by {type}.");
        }
    }

    /// <summary>A new instance of the class registered for a contract.</summary>
    internal object CreateExtension(Type attributeType, string contractName)
    {
        Type type;
        lock (_lock)
            if (!_extensions.TryGetValue((attributeType, contractName), out type))
                throw new InvalidOperationException($"Unable to locate an extension for the contract '{contractName}'. Call {nameof(ComponentCatalog)}.{nameof(RegisterAssembly)} with the assembly whose class carries {attributeType.Name}(\"{contractName}\").");
        var constructor = type.GetConstructor(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, [])
            ?? throw new InvalidOperationException($"{type}, registered for the contract '{contractName}', has no constructor without parameters.");
        return constructor.Invoke([]);
    }
}
