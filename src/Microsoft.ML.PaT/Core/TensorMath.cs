using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Core;

/// <summary>
/// Arithmetic that holds its numbers until the operator has returned, in place of TorchSharp's operators that do not
/// (docs/decisions/scalars.md). A trailing underscore marks an operator that works in place and returns its tensor, as in TorchSharp.
/// Call these in a dispose scope.
/// </summary>
internal static class TensorMath
{
    /// <summary>0, 1, ... <paramref name="count"/> - 1.</summary>
    public static Tensor Range(long count, ScalarType type, Device? device = null)
    {
        using var end = count.ToScalar();
        return arange(Scalars.Zero, end, Scalars.One, dtype: type, device: device);
    }

    /// <summary>x + y.</summary>
    public static Tensor Plus(this Tensor x, Tensor y) => x.add(y, Scalars.One);

    /// <inheritdoc cref="Plus(Tensor, Tensor)"/>
    public static Tensor Plus_(this Tensor x, Tensor y) => x.add_(y, Scalars.One);

    /// <summary>x + factor y.</summary>
    public static Tensor Plus(this Tensor x, Tensor y, double factor)
    {
        using var alpha = factor.ToScalar();
        return x.add(y, alpha);
    }

    /// <inheritdoc cref="Plus(Tensor, Tensor, double)"/>
    public static Tensor Plus_(this Tensor x, Tensor y, double factor)
    {
        using var alpha = factor.ToScalar();
        return x.add_(y, alpha);
    }

    /// <summary>x + number, a tensor of floats.</summary>
    public static Tensor Plus(this Tensor x, double number)
    {
        using var scalar = number.ToScalar();
        return x.add(scalar, Scalars.One);
    }

    /// <inheritdoc cref="Plus(Tensor, double)"/>
    public static Tensor Plus_(this Tensor x, double number)
    {
        using var scalar = number.ToScalar();
        return x.add_(scalar, Scalars.One);
    }

    /// <summary>x + number, of the type of x.</summary>
    public static Tensor Plus(this Tensor x, long number)
    {
        using var scalar = number.ToScalar();
        return x.add(scalar, Scalars.One);
    }

    /// <summary>number x, a tensor of floats.</summary>
    public static Tensor Times(this Tensor x, double number)
    {
        using var scalar = number.ToScalar();
        return x.mul(scalar);
    }

    /// <inheritdoc cref="Times(Tensor, double)"/>
    public static Tensor Times_(this Tensor x, double number)
    {
        using var scalar = number.ToScalar();
        return x.mul_(scalar);
    }

    /// <summary>number x, of the type of x.</summary>
    public static Tensor Times(this Tensor x, long number)
    {
        using var scalar = number.ToScalar();
        return x.mul(scalar);
    }

    /// <summary>x / number, a tensor of floats.</summary>
    public static Tensor Over(this Tensor x, double number)
    {
        using var scalar = number.ToScalar();
        return x.div(scalar);
    }

    /// <inheritdoc cref="Over(Tensor, double)"/>
    public static Tensor Over_(this Tensor x, double number)
    {
        using var scalar = number.ToScalar();
        return x.div_(scalar);
    }

    /// <summary>1 - x.</summary>
    public static Tensor Complement(this Tensor x) => x.neg().add_(Scalars.One, Scalars.One);

    /// <summary>x * x.</summary>
    public static Tensor Squared(this Tensor x) => x.pow(Scalars.Two);
}
