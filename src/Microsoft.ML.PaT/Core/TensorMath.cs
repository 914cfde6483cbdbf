using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Core;

/// <summary>
/// Arithmetic that keeps its scalars alive until the operator returns, unlike TorchSharp's operators
/// (docs/decisions/scalars.md). A trailing underscore marks in-place operators, as in TorchSharp. Results belong to the
/// caller's dispose scope.
/// </summary>
internal static class TensorMath
{
    public static Tensor Range(long count, ScalarType type, Device? device = null)
    {
        using var end = count.ToScalar();
        return arange(Scalars.Zero, end, Scalars.One, dtype: type, device: device);
    }

    public static Tensor Plus(this Tensor x, Tensor y) => x.add(y, Scalars.One);

    public static Tensor Plus_(this Tensor x, Tensor y) => x.add_(y, Scalars.One);

    /// <summary>x + factor * y.</summary>
    public static Tensor Plus(this Tensor x, Tensor y, double factor)
    {
        using var alpha = factor.ToScalar();
        return x.add(y, alpha);
    }

    public static Tensor Plus_(this Tensor x, Tensor y, double factor)
    {
        using var alpha = factor.ToScalar();
        return x.add_(y, alpha);
    }

    /// <summary>x + number. The result is a float tensor.</summary>
    public static Tensor Plus(this Tensor x, double number)
    {
        using var scalar = number.ToScalar();
        return x.add(scalar, Scalars.One);
    }

    public static Tensor Plus_(this Tensor x, double number)
    {
        using var scalar = number.ToScalar();
        return x.add_(scalar, Scalars.One);
    }

    /// <summary>x + number. The result has the type of x.</summary>
    public static Tensor Plus(this Tensor x, long number)
    {
        using var scalar = number.ToScalar();
        return x.add(scalar, Scalars.One);
    }

    /// <summary>x * number. The result is a float tensor.</summary>
    public static Tensor Times(this Tensor x, double number)
    {
        using var scalar = number.ToScalar();
        return x.mul(scalar);
    }

    public static Tensor Times_(this Tensor x, double number)
    {
        using var scalar = number.ToScalar();
        return x.mul_(scalar);
    }

    /// <summary>x * number. The result has the type of x.</summary>
    public static Tensor Times(this Tensor x, long number)
    {
        using var scalar = number.ToScalar();
        return x.mul(scalar);
    }

    /// <summary>x / number. The result is a float tensor.</summary>
    public static Tensor Over(this Tensor x, double number)
    {
        using var scalar = number.ToScalar();
        return x.div(scalar);
    }

    public static Tensor Over_(this Tensor x, double number)
    {
        using var scalar = number.ToScalar();
        return x.div_(scalar);
    }

    /// <summary>1 - x.</summary>
    public static Tensor Complement(this Tensor x) => x.neg().add_(Scalars.One, Scalars.One);

    public static Tensor Squared(this Tensor x) => x.pow(Scalars.Two);
}
