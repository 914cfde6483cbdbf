namespace Microsoft.ML.Data;

/// <summary>The type of a column's values; <see cref="RawType"/> is how a value travels through getters.</summary>
public abstract class DataViewType : IEquatable<DataViewType>
{
    public Type RawType { get; }

    private protected DataViewType(Type rawType) => RawType = rawType ?? throw new ArgumentNullException(nameof(rawType));

    public abstract bool Equals(DataViewType other);
}

/// <summary>A type whose values have a structure of their own: vectors, images.</summary>
public abstract class StructuredDataViewType : DataViewType
{
    protected StructuredDataViewType(Type rawType) : base(rawType) { }
}

/// <summary>A type whose values hold no reference that needs disposing.</summary>
public abstract class PrimitiveDataViewType : DataViewType
{
    protected PrimitiveDataViewType(Type rawType) : base(rawType)
    {
        if (typeof(IDisposable).IsAssignableFrom(rawType))
            throw new ArgumentException($"A primitive type's values are not disposable, {rawType} is.", nameof(rawType));
    }
}
