using System.Globalization;
using Microsoft.ML.PaT.Results;

namespace Microsoft.ML.PaT.Runs;

/// <summary>The memory format of the network was chosen: <c>channels-first</c> or <c>channels-last</c>.</summary>
internal sealed record MemoryFormatChosen(string Format, string Why) : RunEvent
{
    public override string Text => Why;
}

/// <summary>The run is about to remove the first channels.</summary>
internal sealed record PruningStarted(string Reason) : RunEvent
{
    public override string Text => $"Pruning in epoch {Epoch}, {Reason}.";
}

/// <summary>A retraining schedule follows.</summary>
internal sealed record RetrainingStarted(RetrainingReport Retraining) : RunEvent
{
    public override string Text =>
        $"Retraining by {Retraining.Schedule} from epoch {Retraining.FromEpoch}, for {Retraining.Epochs} epochs.";
}

/// <summary>The batch size grows into the memory that pruning freed.</summary>
internal sealed record BatchSizeGrown(BatchGrowthReport Growth) : RunEvent
{
    public override string Text => string.Create(
        CultureInfo.InvariantCulture,
        $"From epoch {Growth.FromEpoch} on, batches have at most {Growth.BatchSize} images, " +
        $"and the learning rate is multiplied by {Growth.RateFactor:0.###}.");
}
