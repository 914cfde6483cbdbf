using TorchSharp;

namespace Microsoft.ML.PaT.Core;

/// <summary>
/// Constants for operators of TorchSharp, kept as long as the process: an implicit <see cref="Scalar"/> may be finalized while the operator
/// still reads it (docs/decisions/scalars.md). Whole numbers are integers, so that tensors of integers stay so.
/// </summary>
internal static class Scalars
{
    public static readonly Scalar Zero = 0.ToScalar();

    public static readonly Scalar One = 1.ToScalar();

    public static readonly Scalar Two = 2.ToScalar();

    public static readonly Scalar Half = 0.5.ToScalar();
}
