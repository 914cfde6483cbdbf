namespace Microsoft.ML;

/// <summary>Compares texts by their characters.</summary>
internal sealed class TextComparer : IEqualityComparer<ReadOnlyMemory<char>>, IComparer<ReadOnlyMemory<char>>
{
    internal static readonly TextComparer Instance = new();

    public bool Equals(ReadOnlyMemory<char> x, ReadOnlyMemory<char> y) => x.Span.SequenceEqual(y.Span);
    public int GetHashCode(ReadOnlyMemory<char> text) => string.GetHashCode(text.Span);
    public int Compare(ReadOnlyMemory<char> x, ReadOnlyMemory<char> y) => x.Span.SequenceCompareTo(y.Span);

    /// <summary>The comparer by value of any raw type.</summary>
    internal static IEqualityComparer<T> EqualityOf<T>() => Instance as IEqualityComparer<T> ?? EqualityComparer<T>.Default;
    internal static IComparer<T> OrderOf<T>() => Instance as IComparer<T> ?? Comparer<T>.Default;
}
