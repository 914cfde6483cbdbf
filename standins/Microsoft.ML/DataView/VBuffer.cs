using System.Collections;

namespace Microsoft.ML.Data;

/// <summary>A vector that is dense (no indices) or sparse (sorted indices of the values that are not default).</summary>
public readonly struct VBuffer<T> : IEnumerable
{
    private readonly T[] _values;
    private readonly int[] _indices;
    private readonly int _count;

    /// <summary>The logical length.</summary>
    public readonly int Length;

    public VBuffer(int length, T[] values, int[] indices = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if ((values?.Length ?? 0) < length) throw new ArgumentException($"{length} values are needed, {values?.Length ?? 0} given.", nameof(values));
        Length = length;
        _values = values;
        _indices = indices;
        _count = length;
    }

    public VBuffer(int length, int valuesCount, T[] values, int[] indices)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (valuesCount < 0 || valuesCount > length) throw new ArgumentOutOfRangeException(nameof(valuesCount), valuesCount, $"Between 0 and {length} values.");
        if ((values?.Length ?? 0) < valuesCount) throw new ArgumentException($"{valuesCount} values are needed, {values?.Length ?? 0} given.", nameof(values));
        if (valuesCount < length)
        {
            if ((indices?.Length ?? 0) < valuesCount) throw new ArgumentException($"{valuesCount} indices are needed, {indices?.Length ?? 0} given.", nameof(indices));
            for (int i = 0; i < valuesCount; i++)
                if (indices[i] <= (i == 0 ? -1 : indices[i - 1]) || indices[i] >= length)
                    throw new ArgumentException($"The indices must grow and stay below {length}.", nameof(indices));
        }
        Length = length;
        _values = values;
        _indices = indices;
        _count = valuesCount;
    }

    public bool IsDense => _count == Length;

    /// <summary>The explicit values: all of them when dense.</summary>
    public ReadOnlySpan<T> GetValues() => _values.AsSpan(0, _count);

    /// <summary>The slots of the explicit values; empty when dense.</summary>
    public ReadOnlySpan<int> GetIndices() => IsDense ? default : _indices.AsSpan(0, _count);

    internal T[] ValuesArray => _values;
    internal int[] IndicesArray => _indices;

    public void CopyToDense(ref VBuffer<T> dst)
    {
        var editor = VBufferEditor.Create(ref dst, Length);
        CopyTo(editor.Values);
        dst = editor.Commit();
    }

    public void CopyTo(ref VBuffer<T> dst)
    {
        var editor = VBufferEditor.Create(ref dst, Length, _count);
        GetValues().CopyTo(editor.Values);
        if (!IsDense) GetIndices().CopyTo(editor.Indices);
        dst = editor.Commit();
    }

    public void CopyTo(ref VBuffer<T> dst, int srcMin, int length)
    {
        if (srcMin < 0 || srcMin > Length) throw new ArgumentOutOfRangeException(nameof(srcMin));
        if (length < 0 || length > Length - srcMin) throw new ArgumentOutOfRangeException(nameof(length));
        if (IsDense)
        {
            var dense = VBufferEditor.Create(ref dst, length);
            GetValues().Slice(srcMin, length).CopyTo(dense.Values);
            dst = dense.Commit();
            return;
        }
        var indices = GetIndices();
        int from = LowerBound(indices, srcMin), to = LowerBound(indices, srcMin + length);
        var sparse = VBufferEditor.Create(ref dst, length, to - from);
        GetValues()[from..to].CopyTo(sparse.Values);
        if (to - from < length)
            for (int i = from; i < to; i++) sparse.Indices[i - from] = indices[i] - srcMin;
        dst = sparse.Commit();
    }

    public void CopyTo(Span<T> destination) => CopyTo(destination, 0);

    public void CopyTo(Span<T> destination, int destinationIndex, T defaultValue = default)
    {
        if (destinationIndex < 0 || destinationIndex > destination.Length) throw new ArgumentOutOfRangeException(nameof(destinationIndex));
        if (destination.Length - destinationIndex < Length) throw new ArgumentOutOfRangeException(nameof(destination), $"{Length} values do not fit.");
        var target = destination.Slice(destinationIndex, Length);
        if (IsDense)
        {
            GetValues().CopyTo(target);
            return;
        }
        target.Fill(defaultValue);
        var values = GetValues();
        var indices = GetIndices();
        for (int i = 0; i < indices.Length; i++) target[indices[i]] = values[i];
    }

    public static void Copy(T[] src, int srcIndex, ref VBuffer<T> dst, int length)
    {
        if (srcIndex < 0 || srcIndex > (src?.Length ?? 0)) throw new ArgumentOutOfRangeException(nameof(srcIndex));
        if (length < 0 || length > (src?.Length ?? 0) - srcIndex) throw new ArgumentOutOfRangeException(nameof(length));
        var editor = VBufferEditor.Create(ref dst, length);
        src.AsSpan(srcIndex, length).CopyTo(editor.Values);
        dst = editor.Commit();
    }

    /// <summary>The explicit values with their slots; with <paramref name="all"/> the defaults between them too.</summary>
    public IEnumerable<KeyValuePair<int, T>> Items(bool all = false)
    {
        int next = 0;
        for (int i = 0; i < _count; i++)
        {
            int slot = IsDense ? i : _indices[i];
            if (all)
                for (; next < slot; next++) yield return new(next, default);
            yield return new(slot, _values[i]);
            next = slot + 1;
        }
        if (all)
            for (; next < Length; next++) yield return new(next, default);
    }

    public IEnumerable<T> DenseValues() => Items(all: true).Select(item => item.Value);

    public void GetItemOrDefault(int slot, ref T dst) => dst = GetItemOrDefault(slot);

    public T GetItemOrDefault(int slot)
    {
        if ((uint)slot >= (uint)Length) throw new ArgumentOutOfRangeException(nameof(slot), slot, $"The vector has {Length} slots.");
        if (IsDense) return _values[slot];
        int at = GetIndices().BinarySearch(slot);
        return at >= 0 ? _values[at] : default;
    }

    public IEnumerator GetEnumerator() => DenseValues().GetEnumerator();

    public override string ToString() => IsDense ? $"Dense vector of size {Length}" : $"Sparse vector of size {Length}, {_count} explicit values";

    private static int LowerBound(ReadOnlySpan<int> sorted, int value)
    {
        int at = sorted.BinarySearch(value);
        return at >= 0 ? at : ~at;
    }
}
