using TorchSharp;

namespace Microsoft.ML.PaT.Pruning.Scoring;

/// <summary>Both scores are the gain for an input of variance 1.</summary>
internal sealed record BatchNormScaleImportance : Importance
{
    public override string Name => "batch-norm-scale";

    public override torch.Tensor Score(ImportanceContext context) => context.FromNorms(name =>
        context.Parameters[name] is var tensor && tensor.dim() == 1 ? tensor.abs() : L2Importance.Norms(tensor));
}
