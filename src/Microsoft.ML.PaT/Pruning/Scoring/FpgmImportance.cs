using Microsoft.ML.PaT.Core;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Pruning.Scoring;

internal sealed record FpgmImportance : Importance
{
    public override string Name => "fpgm";

    public override Tensor Score(ImportanceContext context) =>
        context.FromFilters(w => Distances(context.Parameters[w].flatten(1)));

    /// <summary>Sum of the distances of each filter to all others, [filters, values] to [filters].</summary>
    private static Tensor Distances(Tensor filters)
    {
        // |a - b|^2 = |a|^2 + |b|^2 - 2ab. Centering keeps all distances and reduces cancellation.
        var centered = filters.sub(filters.mean([0L]));
        var squares = centered.Squared().sum(1);
        var products = centered.mm(centered.t()).Times_(2);
        return squares.unsqueeze(0).Plus(squares.unsqueeze(1)).sub_(products).clamp_min_(Scalars.Zero).sqrt_().sum(1);
    }
}
