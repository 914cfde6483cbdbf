using Microsoft.ML.PaT.Core;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Pruning.Scoring;

internal sealed record TaylorWeightsImportance : Importance
{
    public override string Name => "taylor-weights";

    public override bool UsesGradients => true;

    public override Tensor OfBatch(ImportanceContext context) => cat([.. context.Tables.Filters.Sources.Select(s =>
        ChannelRows.Sums(context.Parameters[s.Name].mul(context.Gradient(s.Name)).Squared()))]);

    public override Tensor Score(ImportanceContext context) =>
        context.FromRows(context.Tables.Filters, context.BatchMean);
}
