namespace Microsoft.ML.Data;

/// <summary>Starts edits of vectors in place, reusing their arrays where those are large enough.</summary>
public static class VBufferEditor
{
    /// <summary>An editor over the vector as it is.</summary>
    public static VBufferEditor<T> CreateFromBuffer<T>(ref VBuffer<T> destination) =>
        new(destination.Length, destination.GetValues().Length, destination.ValuesArray, destination.IndicesArray, false, false, destination.IsDense);

    /// <summary>An editor for a vector of <paramref name="newLogicalLength"/> with <paramref name="valuesCount"/> explicit values (all, unless told otherwise).</summary>
    public static VBufferEditor<T> Create<T>(
        ref VBuffer<T> destination, int newLogicalLength, int? valuesCount = null, int? maxValuesCapacity = null,
        bool keepOldOnResize = false, bool requireIndicesOnDense = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(newLogicalLength);
        int count = valuesCount ?? newLogicalLength;
        if (count < 0 || count > newLogicalLength) throw new ArgumentOutOfRangeException(nameof(valuesCount));
        bool dense = count == newLogicalLength;
        int capacity = Math.Min(maxValuesCapacity ?? int.MaxValue, newLogicalLength);
        var values = Grown(destination.ValuesArray, count, capacity, keepOldOnResize, out bool newValues);
        bool newIndices = false;
        var indices = destination.IndicesArray;
        if (!dense || requireIndicesOnDense) indices = Grown(indices, count, capacity, keepOldOnResize, out newIndices);
        return new(newLogicalLength, count, values, indices, newValues, newIndices, dense && !requireIndicesOnDense);
    }

    private static TItem[] Grown<TItem>(TItem[] array, int count, int capacity, bool keep, out bool created)
    {
        created = (array?.Length ?? 0) < count;
        if (!created) return array;
        int size = array is null ? count : Math.Max(count, Math.Min(capacity, 2 * array.Length));
        if (!keep || array is null) return new TItem[size];
        Array.Resize(ref array, size);
        return array;
    }
}

/// <summary>The arrays of a vector under edit; <see cref="Commit"/> makes a vector of them.</summary>
public readonly ref struct VBufferEditor<T>
{
    private readonly int _length;
    private readonly T[] _values;
    private readonly int[] _indices;

    internal VBufferEditor(int length, int count, T[] values, int[] indices, bool createdNewValues, bool createdNewIndices, bool dense)
    {
        _length = length;
        _values = values;
        _indices = indices;
        Values = values.AsSpan(0, count);
        Indices = dense ? default : indices.AsSpan(0, count);
        CreatedNewValues = createdNewValues;
        CreatedNewIndices = createdNewIndices;
    }

    public readonly Span<T> Values;
    public readonly Span<int> Indices;

    public bool CreatedNewValues { get; }
    public bool CreatedNewIndices { get; }

    public VBuffer<T> Commit() => new(_length, Values.Length, _values, _indices);

    /// <summary>Keeps the first <paramref name="physicalValuesCount"/> values only.</summary>
    public VBuffer<T> CommitTruncated(int physicalValuesCount)
    {
        if (physicalValuesCount > Values.Length) throw new ArgumentOutOfRangeException(nameof(physicalValuesCount));
        return new(_length, physicalValuesCount, _values, _indices);
    }
}
