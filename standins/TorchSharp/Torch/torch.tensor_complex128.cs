using System.Numerics;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor tensor(Complex scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
        => FromScalar(scalar, dtype, device, requires_grad);

    public static Tensor tensor(IList<Complex> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => FromArray(AsArray(rawArray), [rawArray.Count], dtype, device, requires_grad, names);

    public static Tensor tensor(Complex[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => FromArray(rawArray, [rawArray.Length], dtype, device, requires_grad, names);
}
