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

    public VBuffer(int length, int count, T[] values, int[] indices)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (count < 0 || count > length) throw new ArgumentOutOfRangeException(nameof(count), count, $"Between 0 and {length} values.");
        if ((values?.Length ?? 0) < count) throw new ArgumentException($"{count} values are needed, {values?.Length ?? 0} given.", nameof(values));
        if (count < length)
        {
            if ((indices?.Length ?? 0) < count) throw new ArgumentException($"{count} indices are needed, {indices?.Length ?? 0} given.", nameof(indices));
            for (int i = 0; i < count; i++)
                if (indices[i] <= (i == 0 ? -1 : indices[i - 1]) || indices[i] >= length)
                    throw new ArgumentException($"The indices must grow and stay below {length}.", nameof(indices));
        }
        Length = length;
        _values = values;
        _indices = indices;
        _count = count;
    }

    public bool IsDense => _count == Length;

    /// <summary>The explicit values: all of them when dense.</summary>
    public ReadOnlySpan<T> GetValues() => _values.AsSpan(0, _count);

    /// <summary>The slots of the explicit values; empty when dense.</summary>
    public ReadOnlySpan<int> GetIndices() => IsDense ? default : _indices.AsSpan(0, _count);

    internal T[] ValuesArray => _values;
    internal int[] IndicesArray => _indices;

    public void CopyToDense(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length);
        CopyTo(editor.Values);
        destination = editor.Commit();
    }

    public void CopyTo(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length, _count);
        GetValues().CopyTo(editor.Values);
        if (!IsDense) GetIndices().CopyTo(editor.Indices);
        destination = editor.Commit();
    }

    public void CopyTo(ref VBuffer<T> destination, int sourceIndex, int length)
    {
        if (sourceIndex < 0 || sourceIndex > Length) throw new ArgumentOutOfRangeException(nameof(sourceIndex));
        if (length < 0 || length > Length - sourceIndex) throw new ArgumentOutOfRangeException(nameof(length));
        if (IsDense)
        {
            var dense = VBufferEditor.Create(ref destination, length);
            GetValues().Slice(sourceIndex, length).CopyTo(dense.Values);
            destination = dense.Commit();
            return;
        }
        var indices = GetIndices();
        int from = LowerBound(indices, sourceIndex), to = LowerBound(indices, sourceIndex + length);
        var sparse = VBufferEditor.Create(ref destination, length, to - from);
        GetValues()[from..to].CopyTo(sparse.Values);
        if (to - from < length)
            for (int i = from; i < to; i++) sparse.Indices[i - from] = indices[i] - sourceIndex;
        destination = sparse.Commit();
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

    public static void Copy(T[] source, int sourceIndex, ref VBuffer<T> destination, int length)
    {
        if (sourceIndex < 0 || sourceIndex > (source?.Length ?? 0)) throw new ArgumentOutOfRangeException(nameof(sourceIndex));
        if (length < 0 || length > (source?.Length ?? 0) - sourceIndex) throw new ArgumentOutOfRangeException(nameof(length));
        var editor = VBufferEditor.Create(ref destination, length);
        source.AsSpan(sourceIndex, length).CopyTo(editor.Values);
        destination = editor.Commit();
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

    public void GetItemOrDefault(int index, ref T destination) => destination = GetItemOrDefault(index);

    public T GetItemOrDefault(int index)
    {
        if ((uint)index >= (uint)Length) throw new ArgumentOutOfRangeException(nameof(index), index, $"The vector has {Length} slots.");
        if (IsDense) return _values[index];
        int at = GetIndices().BinarySearch(index);
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
