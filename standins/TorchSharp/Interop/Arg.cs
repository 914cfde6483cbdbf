using static TorchSharp.torch;

namespace TorchSharp.Interop;

/// <summary>An operator's argument before the call. It holds on to the managed object behind a handle, so that no finaliser
/// can release it while libtorch reads it.</summary>
internal readonly struct Arg
{
    internal readonly object? Reference;
    internal readonly long Bits;
    internal readonly Tag Tag;

    private Arg(Tag tag, long bits, object? reference = null)
    {
        Tag = tag;
        Bits = bits;
        Reference = reference;
    }

    internal static readonly Arg None;

    /// <summary>A list in which null stands for "not given", as the indexing operators take it.</summary>
    internal static Arg Optional(Tensor?[] tensors) => new(Tag.OptionalTensors, 0, tensors);

    /// <summary>A memory layout or format, a reduction: enumerations travel as integers.</summary>
    internal static Arg Enum(int value) => new(Tag.Int, value);

    public static implicit operator Arg(Tensor? tensor) => tensor is null ? None : new(Tag.Tensor, 0, tensor);
    public static implicit operator Arg(int value) => new(Tag.Int, value);
    public static implicit operator Arg(long value) => new(Tag.Int, value);
    public static implicit operator Arg(long? value) => value is { } v ? v : None;
    public static implicit operator Arg(double value) => new(Tag.Double, BitConverter.DoubleToInt64Bits(value));
    public static implicit operator Arg(double? value) => value is { } v ? v : None;
    public static implicit operator Arg(bool value) => new(Tag.Bool, value ? 1 : 0);
    public static implicit operator Arg(bool? value) => value is { } v ? v : None;
    public static implicit operator Arg(long[]? values) => values is null ? None : new(Tag.Ints, 0, values);
    public static implicit operator Arg(double[]? values) => values is null ? None : new(Tag.Doubles, 0, values);
    public static implicit operator Arg(Tensor[]? tensors) => tensors is null ? None : new(Tag.Tensors, 0, tensors);
    public static implicit operator Arg(string? text) => text is null ? None : new(Tag.String, 0, text);
    public static implicit operator Arg(ScalarType type) => new(Tag.Int, (long)type);
    public static implicit operator Arg(ScalarType? type) => type is { } t ? t : None;
    public static implicit operator Arg(Device? device) => device is null ? None : new(Tag.Device, ((long)device.type << 16) | (ushort)device.index);
    public static implicit operator Arg(Generator? generator) => generator is null ? None : new(Tag.Generator, 0, generator);
    public static implicit operator Arg(Scalar? scalar) => scalar is null ? None : scalar.ToArg();

    internal static Arg Complex(System.Numerics.Complex value) => new(Tag.Complex, 0, new[] { value.Real, value.Imaginary });

    /// <summary>How many 8-byte words this argument needs beside its own value.</summary>
    internal int Words => Reference switch
    {
        null or Tensor or Generator => 0,
        Array list => list.Length,
        string text => text.Length * 3 / 8 + 1,
        _ => throw new InvalidOperationException($"{Reference.GetType()} is not an operator's argument"),
    };
}
