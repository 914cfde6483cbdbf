namespace Microsoft.ML;

/// <summary>Marks a class that a saved model finds again by a contract name.</summary>
public abstract class ExtensionBaseAttribute : Attribute
{
    public string ContractName { get; }
    private protected ExtensionBaseAttribute(string contractName) => ContractName = contractName;
}
