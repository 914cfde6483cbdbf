namespace Microsoft.ML.PaT.Pruning.Policies;

/// <summary>Waits for a number of dense epochs.</summary>
internal sealed class EpochWatch(int epochs) : PolicyWatch
{
    public override int ObservationsPerEpoch => 1;

    protected override Verdict Decide(Observation seen) => seen.At >= epochs
        ? new(true, epochs == 0 ? "at initialization" : $"{epochs} dense epochs are done")
        : new(false, $"waiting for {epochs} dense epochs");
}
