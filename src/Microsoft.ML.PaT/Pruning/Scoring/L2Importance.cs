using Microsoft.ML.PaT.Core;
using TorchSharp;

namespace Microsoft.ML.PaT.Pruning.Scoring;

internal sealed record L2Importance : Importance
{
    public override string Name => "l2";

    public override torch.Tensor Score(ImportanceContext context) =>
        context.FromFilters(w => Norms(context.Parameters[w]));

    /// <summary>Euclidean norm of each filter of a weight, [filters].</summary>
    public static torch.Tensor Norms(torch.Tensor weight) => weight.flatten(1).Squared().sum(1).sqrt_();
}
