using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Modeling;

/// <summary>
/// The type in which convolutions and matrix products are computed. Operands and results keep their type.
/// </summary>
internal readonly struct ComputePrecision
{
    // Null: the operands' type.
    private readonly ScalarType? _type;

    private ComputePrecision(ScalarType? type) => _type = type;

    public static ComputePrecision Of(Precision precision) => new(precision switch
    {
        Precision.Bfloat16 => ScalarType.BFloat16,
        Precision.Float16 => ScalarType.Float16,
        _ => null,
    });

    /// <exception cref="InvalidOptionsException">float16 on a CPU.</exception>
    public static void Require(Device device, Precision precision)
    {
        if (precision != Precision.Float16 || device.type == DeviceType.CUDA) return;
        throw new InvalidOptionsException(
            ErrorCodes.PrecisionUnsupported,
            "Training.Precision is Float16, and the run trains on a CPU, where float16 is slow. Use Bfloat16, "
                + "Float32, or a GPU.");
    }

    /// <summary>Computes a product in the narrow type.</summary>
    /// <param name="weight">Weight; its gradient has the weight's type.</param>
    /// <param name="bias">Null for none.</param>
    /// <returns>The result in the type of the input, in the caller's dispose scope.</returns>
    public Tensor Compute(Tensor input, Tensor weight, Tensor? bias, Func<Tensor, Tensor, Tensor?, Tensor> product)
    {
        if (_type is not { } type) return product(input, weight, bias);
        using var narrowInput = input.to(type);
        using var narrowWeight = weight.to(type);
        using var narrowBias = bias?.to(type);
        using var result = product(narrowInput, narrowWeight, narrowBias);
        return result.to(input.dtype);
    }

    /// <summary>Multiplies matrices or batches of matrices in the narrow type.</summary>
    /// <returns>The result in the type of the left operand, in the caller's dispose scope.</returns>
    public Tensor Multiply(Tensor left, Tensor right) => Compute(left, right, bias: null, (l, r, _) => l.matmul(r));
}
