using System.Numerics;
using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>A number on its way into an operator. It has no native part here: its value travels with the call.</summary>
public sealed class Scalar : IDisposable
{
    private readonly long _integer;
    private readonly Complex _number;

    private Scalar(ScalarType type, long integer, Complex number)
    {
        Type = type;
        _integer = integer;
        _number = number;
    }

    private static Scalar Integer(ScalarType type, long value) => new(type, value, value);
    private static Scalar Real(ScalarType type, double value) => new(type, 0, value);

    public ScalarType Type { get; }

    internal bool IsInteger => Type is ScalarType.Bool || is_integral(Type);
    internal long AsLong => IsInteger ? _integer : (long)_number.Real;
    internal double AsDouble => _number.Real;
    internal Complex AsComplex => _number;

    internal Arg ToArg() => Type switch
    {
        ScalarType.Bool => _integer != 0,
        ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64 => Arg.Complex(_number),
        _ when IsInteger => _integer,
        _ => _number.Real,
    };

    public void Dispose() { }

    // As libtorch's own scalars, these keep an integer as 64 bits and a real number as a double, whatever they came from.
    public static implicit operator Scalar(byte value) => Integer(ScalarType.Int64, value);
    public static implicit operator Scalar(sbyte value) => Integer(ScalarType.Int64, value);
    public static implicit operator Scalar(short value) => Integer(ScalarType.Int64, value);
    public static implicit operator Scalar(int value) => Integer(ScalarType.Int64, value);
    public static implicit operator Scalar(long value) => Integer(ScalarType.Int64, value);
    public static implicit operator Scalar(bool value) => Integer(ScalarType.Bool, value ? 1 : 0);
    public static implicit operator Scalar(Half value) => Real(ScalarType.Float64, (double)value);
    public static implicit operator Scalar(float value) => Real(ScalarType.Float64, value);
    public static implicit operator Scalar(double value) => Real(ScalarType.Float64, value);
    public static implicit operator Scalar((float, float) value) => new(ScalarType.ComplexFloat64, 0, new Complex(value.Item1, value.Item2));
    public static implicit operator Scalar(Complex value) => new(ScalarType.ComplexFloat64, 0, value);
}
