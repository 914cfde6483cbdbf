using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>What kind of value an operator's argument or result is; the C side is sts_tag.</summary>
internal enum Tag
{
    None, Tensor, Int, Double, Bool, Ints, Tensors, OptionalTensors, Device, String, Generator, Doubles, Complex,
}

/// <summary>One argument or result of an operator as it crosses the boundary; the C side is sts_value.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct Value
{
    [FieldOffset(0)] internal Tag Tag;
    [FieldOffset(4)] internal int Length;
    [FieldOffset(8)] internal long Integer;
    [FieldOffset(8)] internal double Real;
    [FieldOffset(8)] internal IntPtr Pointer;
}

/// <summary>What is asked of a tensor at once; the C side is sts_info.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TensorInfo
{
    internal long Dimensions, Elements, StorageOffset;
    internal int DType, DeviceType, DeviceIndex, ElementSize, RequiresGrad, IsLeaf, IsContiguous;
}
