using TorchSharp;

namespace Microsoft.ML.PaT.Core;

/// <summary>
/// Constant operands for TorchSharp operators, kept for the life of the process: an implicit <see cref="Scalar"/> may
/// be finalized while the operator still reads it (docs/decisions/scalars.md). Integers stay integers, so that they do
/// not change the type of integer tensors.
/// </summary>
internal static class Scalars
{
    public static readonly Scalar Zero = 0.ToScalar();

    public static readonly Scalar One = 1.ToScalar();

    public static readonly Scalar Two = 2.ToScalar();

    public static readonly Scalar Half = 0.5.ToScalar();
}
