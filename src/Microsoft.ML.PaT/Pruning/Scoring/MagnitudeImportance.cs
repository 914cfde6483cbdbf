using Microsoft.ML.PaT.Core;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Pruning.Scoring;

/// <summary>
/// Equation 2 of CVPR 2022: ||W_n||_2 / sqrt(P_n), W_n being all P_n weights of the layers that produce channel n.
/// </summary>
internal sealed record MagnitudeImportance : Importance
{
    public override string Name => "magnitude";

    public override Tensor Score(ImportanceContext context)
    {
        var squares = context.FromFilters(w => ChannelRows.Sums(context.Parameters[w].Squared()), GroupReduction.Sum);
        var counts = context.FromFilters(w => Count(context.Parameters[w]), GroupReduction.Sum);
        return squares.div_(counts).sqrt_();
    }

    private static Tensor Count(Tensor weight) =>
        ones(weight.shape[0], dtype: float32, device: weight.device).Times_(weight.numel() / weight.shape[0]);
}
