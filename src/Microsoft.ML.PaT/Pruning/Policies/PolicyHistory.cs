using Microsoft.ML.PaT.Training;

namespace Microsoft.ML.PaT.Pruning.Policies;

/// <summary>
/// Observations of a run for its policy. They depend only on counts and masks, so a resumed run restores them from its
/// record.
/// </summary>
internal sealed class PolicyHistory(PruningPolicy policy, TrainingOptions training)
{
    // The indicator and the churn are logged for every policy, to judge its decision later.
    private readonly EarlyPruningIndicator _indicator = new(policy.IndicatorWindow);
    private readonly List<PolicyObservation> _observations = [];
    private readonly double _warmup = LearningRateSchedule.WarmupEpochs(training);

    /// <summary>Observations per epoch at equal intervals, the last one at the end of the epoch.</summary>
    public int ObservationsPerEpoch { get; } = policy.ObservationRate(training.Epochs);

    /// <param name="epoch">Epochs since the start.</param>
    /// <param name="counts">Kept channels per prunable layer, or per group
    /// (<see cref="PruningPolicy.CountsGroups"/>).</param>
    /// <param name="kept">The kept channels.</param>
    public PolicyObservation Add(double epoch, IReadOnlyList<int> counts, ChannelMask kept)
    {
        var epi = _indicator.Observe(counts);
        var observation = new PolicyObservation
        {
            Epoch = epoch, Epochs = training.Epochs, WarmupEpochs = _warmup, Counts = counts, Kept = kept,
            Psi = _indicator.Psi, Epi = epi,
            Churn = _observations.Count == 0 ? null : kept.Churn((ChannelMask)_observations[^1].Kept),
        };
        _observations.Add(observation);
        return observation;
    }

    /// <exception cref="InvalidOptionsException">The policy returns null.</exception>
    public PolicyDecision Decide() => policy.Decide(_observations)
        ?? throw new InvalidOptionsException(
            ErrorCodes.OptionsInvalid,
            $"The policy '{policy.Name}' decided null; PruningPolicy.Decide must return a PolicyDecision.");

    /// <summary>Number of steps of the epoch after which the next observation is made.</summary>
    /// <param name="step">The current step, from 0.</param>
    /// <param name="steps">Steps per epoch.</param>
    public int NextStep(int step, int steps) =>
        Enumerable.Range(1, ObservationsPerEpoch)
            .Select(observation => (int)Math.Round((double)steps * observation / ObservationsPerEpoch))
            .First(next => next > step);
}
