namespace Microsoft.ML.Transforms;

/// <summary>Marks a <see cref="CustomMappingFactory{TSrc,TDst}"/> with the contract name that saved models find it by.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false, Inherited = false)]
public sealed class CustomMappingFactoryAttributeAttribute : ExtensionBaseAttribute
{
    public CustomMappingFactoryAttributeAttribute(string contractName) : base(contractName) { }
}

/// <summary>What makes a saved custom mapping again: created without arguments when a model is loaded.</summary>
public abstract class CustomMappingFactory<TSrc, TDst> : ICustomMappingFactory
    where TSrc : class, new()
    where TDst : class, new()
{
    public abstract Action<TSrc, TDst> GetMapping();

    ITransformer ICustomMappingFactory.Create(string contractName) => new CustomMappingTransformer<TSrc, TDst>(GetMapping(), contractName, null, null);
}

internal interface ICustomMappingFactory
{
    ITransformer Create(string contractName);
}
