using System.Numerics;
using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Which .NET type holds an element of which tensor type.</summary>
internal static class ElementTypes
{
    private static readonly Dictionary<Type, ScalarType> s_types = new()
    {
        [typeof(byte)] = ScalarType.Byte,
        [typeof(sbyte)] = ScalarType.Int8,
        [typeof(short)] = ScalarType.Int16,
        [typeof(int)] = ScalarType.Int32,
        [typeof(long)] = ScalarType.Int64,
        [typeof(Half)] = ScalarType.Float16,
        [typeof(float)] = ScalarType.Float32,
        [typeof(double)] = ScalarType.Float64,
        [typeof(bool)] = ScalarType.Bool,
        [typeof((float, float))] = ScalarType.ComplexFloat32,
        [typeof(Complex)] = ScalarType.ComplexFloat64,
    };

    internal static ScalarType Of(Type type) => s_types.TryGetValue(type, out var scalarType)
        ? scalarType
        : throw new NotSupportedException($"No tensor has elements of {type}.");

    internal static void Require<T>(ScalarType dtype)
    {
        if (!s_types.TryGetValue(typeof(T), out var wanted) || wanted != dtype)
            throw new ArgumentException($"{dtype} elements cannot be read as {typeof(T).Name}.");
    }

    internal static T Convert<T>(Value value) where T : unmanaged
    {
        if (typeof(T) == typeof(bool)) return (T)(object)(value.Integer != 0);
        if (typeof(T) == typeof(byte)) return (T)(object)(byte)value.Integer;
        if (typeof(T) == typeof(sbyte)) return (T)(object)(sbyte)value.Integer;
        if (typeof(T) == typeof(short)) return (T)(object)(short)value.Integer;
        if (typeof(T) == typeof(int)) return (T)(object)(int)value.Integer;
        if (typeof(T) == typeof(long)) return (T)(object)value.Integer;
        if (typeof(T) == typeof(Half)) return (T)(object)(Half)value.Real;
        if (typeof(T) == typeof(float)) return (T)(object)(float)value.Real;
        if (typeof(T) == typeof(double)) return (T)(object)value.Real;
        throw new NotSupportedException($"A single {typeof(T).Name} cannot be read with item(): read it with data().");
    }
}
