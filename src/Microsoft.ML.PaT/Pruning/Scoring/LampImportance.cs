using Microsoft.ML.PaT.Core;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Pruning.Scoring;

internal sealed record LampImportance : Importance
{
    public override string Name => "lamp";

    // The definition makes scores comparable between layers.
    public override ScoreNormalization DefaultNormalization => ScoreNormalization.None;

    public override Tensor Score(ImportanceContext context) => context.FromFilters(w =>
    {
        var (squares, order) = context.Parameters[w].flatten(1).Squared().sum(1).sort(0, descending: true);
        return empty_like(squares).scatter_(0, order, squares.div(squares.cumsum(0)));
    });
}
