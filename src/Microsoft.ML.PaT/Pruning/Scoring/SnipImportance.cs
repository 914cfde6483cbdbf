using Microsoft.ML.PaT.Core;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Pruning.Scoring;

internal sealed record SnipImportance : Importance
{
    public override string Name => "snip";

    public override Tensor Score(ImportanceContext context)
    {
        using var probe = context.Probe();
        probe.Train();
        var batches = context.ForEachBatch((images, labels) =>
            probe.Backward(nn.functional.cross_entropy(probe.Forward(images), labels)));
        return context.FromFilters(w =>
            ChannelRows.Sums(probe.Parameters[w].mul(probe.Gradient(w)).abs_()).Over_(batches));
    }
}
