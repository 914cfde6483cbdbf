namespace Microsoft.ML.Data;

/// <summary>Put on a member of a row class, names the column type that the member's .NET type stands for.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public abstract class DataViewTypeAttribute : Attribute, IEquatable<DataViewTypeAttribute>
{
    public abstract void Register();
    public abstract bool Equals(DataViewTypeAttribute other);
}
