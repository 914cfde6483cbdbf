using TorchSharp;

namespace Microsoft.ML.PaT.Pruning.Scoring;

internal sealed record L1Importance : Importance
{
    public override string Name => "l1";

    public override torch.Tensor Score(ImportanceContext context) =>
        context.FromFilters(w => context.Parameters[w].flatten(1).abs().sum(1));
}
