using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Pruning.Scoring;

internal sealed record TaylorImportance : Importance
{
    public override string Name => "taylor";

    public override bool UsesGradients => true;

    // As published, layers are summed with their signs before taking the absolute value; otherwise the absolute value
    // of each layer is used.
    public override Tensor OfBatch(ImportanceContext context)
    {
        var norms = context.Tables.NormProducts();
        var filters = context.Tables.Norms.Sources.Select(s => s.Name).Where(name => context.Parameters[name].dim() > 1)
            .Select(w => ChannelRows.Sums(context.Parameters[w].mul(context.Gradient(w)))).ToList();
        var rows = filters.Count == 0 ? norms : cat([norms, .. filters]);
        return context.Reduction == GroupReduction.Sum
            ? context.FromRows(context.Tables.Norms, rows).abs_()
            : rows.abs_();
    }

    public override Tensor Score(ImportanceContext context) => context.Reduction == GroupReduction.Sum
        ? context.BatchMean
        : context.FromRows(context.Tables.Norms, context.BatchMean);
}
