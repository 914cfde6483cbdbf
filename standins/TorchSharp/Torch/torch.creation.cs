using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A tensor of no dimensions; a real number becomes one of the default type.</summary>
    private static Tensor FromScalar(Scalar scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
        => Full([], scalar, dtype ?? (scalar.Type == ScalarType.Float64 ? get_default_dtype() : scalar.Type), device, requires_grad, null);

    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
        => arange(0, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
        => arange(start, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        bool integers = start.IsInteger && stop.IsInteger && step.IsInteger;
        return Leaf(Op.Call("arange.start_step", start, stop, step, dtype ?? (integers ? ScalarType.Int64 : get_default_dtype()), Arg.None, device ?? get_default_device(), false), requires_grad);
    }

    public static Tensor linspace(double start, double end, long steps, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
        => Leaf(Op.Call("linspace", start, end, steps, dtype ?? get_default_dtype(), Arg.None, device ?? get_default_device(), false), requires_grad);

    public static Tensor eye(long rows, long columns = -1L, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        RefuseNames(names);
        return Leaf(Op.Call("eye.m", rows, columns < 0 ? rows : columns, dtype ?? get_default_dtype(), Arg.None, device ?? get_default_device(), false), requires_grad);
    }

    public static Tensor zeros_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => Like("zeros_like", input, dtype, device, requires_grad, names);
    public static Tensor ones_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => Like("ones_like", input, dtype, device, requires_grad, names);
    public static Tensor empty_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => Like("empty_like", input, dtype, device, requires_grad, names);
    public static Tensor rand_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Like("rand_like", input, dtype, device, requires_grad, null);
    public static Tensor randn_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Like("randn_like", input, dtype, device, requires_grad, null);

    public static Tensor full_like(Tensor input, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        RefuseNames(names);
        return Leaf(Op.Call("full_like", input, value, dtype, Arg.None, device), requires_grad);
    }

    /// <summary>A tensor over the memory of an array: both see what either writes.</summary>
    public static Tensor frombuffer(Array rawArray, ScalarType dtype, long count = -1, long offset = 0, bool requires_grad = false)
    {
        long available = Buffer.ByteLength(rawArray) / dtype.ElementSize();
        if (count < 0) count = available - offset;
        if (offset < 0 || offset + count > available)
            throw new ArgumentOutOfRangeException(nameof(count), $"{count} elements from element {offset} on do not fit into the {available} of the array.");
        return Leaf(Over(rawArray, offset * dtype.ElementSize(), [count], dtype), requires_grad);
    }

    /// <summary>A tensor over the memory of an array of any rank; a conversion of type or device makes a copy.</summary>
    public static Tensor from_array(Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        RefuseNames(names);
        return Leaf(Placed(Over(rawArray, 0, Lengths(rawArray), ElementTypes.Of(rawArray.GetType().GetElementType()!)), dtype, device), requires_grad);
    }

    public static Tensor from_array(Array rawArray, Device? device = null) => from_array(rawArray, null, device);

    private static Tensor New(string name, long[] size, ScalarType? dtype, Device? device, bool requires_grad, string[]? names)
    {
        RefuseNames(names);
        var op = name == "empty" ? "empty.memory_format" : name;
        return Leaf(Op.Call(op, size, dtype ?? get_default_dtype(), Arg.None, device ?? get_default_device(), false), requires_grad);
    }

    private static Tensor New(string name, long[] size, Generator? generator, ScalarType? dtype, Device? device, bool requires_grad, string[]? names)
    {
        RefuseNames(names);
        return Leaf(Op.Call(name + ".generator", size, generator, dtype ?? get_default_dtype(), Arg.None, device ?? get_default_device(), false), requires_grad);
    }

    private static Tensor Full(long[] size, Scalar value, ScalarType? dtype, Device? device, bool requires_grad, string[]? names)
    {
        RefuseNames(names);
        var type = dtype ?? (value.Type is ScalarType.Float64 ? get_default_dtype() : value.Type);
        return Leaf(Op.Call("full", size, value, type, Arg.None, device ?? get_default_device(), false), requires_grad);
    }

    private static Tensor Like(string name, Tensor input, ScalarType? dtype, Device? device, bool requires_grad, string[]? names)
    {
        RefuseNames(names);
        return Leaf(Op.Call(name, input, dtype, Arg.None, device), requires_grad);
    }

    private static Tensor FromScalar<T>(T scalar, ScalarType? dtype, Device? device, bool requires_grad) where T : unmanaged
        => FromArray(new[] { scalar }, [], dtype, device, requires_grad, null);

    /// <summary>Copies an array into a new tensor.</summary>
    private static unsafe Tensor FromArray(Array array, long[] size, ScalarType? dtype, Device? device, bool requires_grad, string[]? names)
    {
        RefuseNames(names);
        var type = ElementTypes.Of(array.GetType().GetElementType()!);
        if (size.TotalSize() != array.LongLength)
            throw new ArgumentException($"{array.LongLength} elements do not make a tensor of shape [{string.Join(", ", size)}].");
        IntPtr handle;
        fixed (byte* data = &MemoryMarshal.GetArrayDataReference(array))
        fixed (long* sizes = size)
            Status.Check(NativeMethods.sts_tensor_new(data, array.LongLength * type.ElementSize(), sizes, size.Length, (int)type, out handle));
        return Leaf(Placed(new Tensor(handle), dtype, device ?? get_default_device()), requires_grad);
    }

    private static unsafe Tensor Over(Array array, long byteOffset, long[] size, ScalarType type)
    {
        // The array stays where it is until libtorch lets go of its memory.
        var pin = GCHandle.Alloc(array, GCHandleType.Pinned);
        try
        {
            IntPtr handle;
            var data = (byte*)pin.AddrOfPinnedObject() + byteOffset;
            fixed (long* sizes = size)
                Status.Check(NativeMethods.sts_tensor_from_blob(data, sizes, size.Length, (int)type, &Unpin, GCHandle.ToIntPtr(pin), out handle));
            return new Tensor(handle);
        }
        catch
        {
            pin.Free();
            throw;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Unpin(IntPtr pin) => GCHandle.FromIntPtr(pin).Free();

    private static Tensor Placed(Tensor made, ScalarType? dtype, Device? device)
    {
        bool convert = dtype is { } type && type != made.dtype;
        bool move = device is not null && (device.type != made.device_type || (device.index >= 0 && device.index != made.device_index));
        if (!convert && !move) return made;
        using (made) return made.to(dtype ?? made.dtype, device ?? made.device);
    }

    private static Tensor Leaf(Tensor made, bool requires_grad)
    {
        if (requires_grad) made.requires_grad = true;
        return made;
    }

    private static T[] AsArray<T>(IList<T> list) => list as T[] ?? [.. list];

    private static long[] Lengths(Array array) => [.. Enumerable.Range(0, array.Rank).Select(array.GetLongLength)];

    private static void RefuseNames(string[]? names)
    {
        if (names is { Length: > 0 }) throw new NotSupportedException("Named dimensions are not supported here.");
    }

    private static string? Rounding(RoundingMode mode) => mode == RoundingMode.None ? null : mode.ToString();
}
