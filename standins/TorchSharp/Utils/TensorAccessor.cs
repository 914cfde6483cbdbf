using System.Collections;
using static TorchSharp.torch;

namespace TorchSharp.Utils;

/// <summary>The elements of a tensor on the CPU, in row-major order whatever its strides.</summary>
public sealed unsafe class TensorAccessor<T> : IDisposable, IEnumerable<T> where T : unmanaged
{
    private readonly Tensor _tensor;
    private readonly T* _data;
    private readonly long[] _shape, _strides;
    private readonly bool _contiguous;

    internal TensorAccessor(Tensor tensor)
    {
        if (tensor.device_type != DeviceType.CPU)
            throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
        _tensor = tensor;
        _shape = tensor.shape;
        _strides = tensor.stride();
        _contiguous = tensor.is_contiguous();
        _data = (T*)tensor.DataPointer;
        Count = tensor.numel();
    }

    public long Count { get; }

    public bool IsReadOnly => false;

    public T this[params long[] indices]
    {
        get => _data[Offset(indices)];
        set => _data[Offset(indices)] = value;
    }

    public T[] ToArray()
    {
        var result = new T[Count];
        CopyTo(result);
        return result;
    }

    /// <summary>An array of as many dimensions as the tensor has (a single element: of one).</summary>
    public Array ToNDArray()
    {
        if (_shape.Length == 0) return ToArray();
        var result = Array.CreateInstance(typeof(T), _shape);
        fixed (byte* first = &System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(result))
            for (long i = 0; i < Count; i++) ((T*)first)[i] = _data[Place(i)];
        return result;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0)
    {
        long count = Math.Min(Count - tensorIndex, array.Length - arrayIndex);
        if (_contiguous && count <= int.MaxValue) new Span<T>(_data + tensorIndex, (int)Math.Max(count, 0)).CopyTo(array.AsSpan(arrayIndex));
        else for (long i = 0; i < count; i++) array[arrayIndex + i] = _data[Place(tensorIndex + i)];
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0)
    {
        long count = Math.Min(Count - tensorIndex, array.Length - arrayIndex);
        for (long i = 0; i < count; i++) _data[Place(tensorIndex + i)] = array[arrayIndex + i];
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (long i = 0; i < Count; i++) yield return At(i);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override bool Equals(object? obj) => obj is TensorAccessor<T> other && other._data == _data && other._tensor.Handle == _tensor.Handle;
    public override int GetHashCode() => ((nint)_data).GetHashCode();
    public static bool operator ==(TensorAccessor<T> left, TensorAccessor<T> right) => left.Equals(right);
    public static bool operator !=(TensorAccessor<T> left, TensorAccessor<T> right) => !left.Equals(right);

    /// <summary>The tensor stays its owner's.</summary>
    public void Dispose() { }

    private T At(long i) => _data[Place(i)];

    private long Offset(long[] indices)
    {
        if (indices.Length == 1 && _shape.Length != 1)
        {
            if (indices[0] < 0 || indices[0] >= Count) throw new IndexOutOfRangeException($"{indices[0]} is not an element of a tensor of {Count}.");
            return Place(indices[0]);
        }
        if (indices.Length != _shape.Length) throw new ArgumentException($"The tensor has {_shape.Length} dimensions, {indices.Length} indices were given.");
        long offset = 0;
        for (int d = 0; d < indices.Length; d++)
        {
            if (indices[d] < 0 || indices[d] >= _shape[d]) throw new IndexOutOfRangeException($"{indices[d]} is outside dimension {d}, which has {_shape[d]} elements.");
            offset += indices[d] * _strides[d];
        }
        return offset;
    }

    /// <summary>Where the i-th element in row-major order lies.</summary>
    private long Place(long i)
    {
        if (_contiguous) return i;
        long offset = 0;
        for (int d = _shape.Length - 1; d >= 0; d--)
        {
            offset += i % _shape[d] * _strides[d];
            i /= _shape[d];
        }
        return offset;
    }
}
