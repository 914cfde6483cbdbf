using Microsoft.ML.PaT.Training;

namespace Microsoft.ML.PaT.Pruning.Policies;

/// <summary>
/// The observations of one run, for its policy. They follow from the counts and masks alone, so a resumed run restores
/// them from its record.
/// </summary>
internal sealed class PolicyHistory(PruningPolicy policy, TrainingOptions training)
{
    // Every policy logs the indicator and the churn, so that its choice can be judged afterwards.
    private readonly EarlyPruningIndicator _indicator = new(policy.IndicatorWindow);
    private readonly List<PolicyObservation> _observations = [];
    private readonly double _warmup = LearningRateSchedule.WarmupEpochs(training);

    /// <summary>Observations per epoch, evenly spread, the last one at its end.</summary>
    public int ObservationsPerEpoch { get; } = policy.ObservationRate(training.Epochs);

    /// <param name="epoch">Epochs since the start.</param>
    /// <param name="counts">Channels kept per prunable layer, or per group (<see cref="PruningPolicy.CountsGroups"/>).</param>
    /// <param name="kept">Which channels they are.</param>
    public PolicyObservation Add(double epoch, IReadOnlyList<int> counts, ChannelMask kept)
    {
        var epi = _indicator.Observe(counts);
        var observation = new PolicyObservation
        {
            Epoch = epoch, Epochs = training.Epochs, WarmupEpochs = _warmup, Counts = counts, Kept = kept,
            Psi = Defined(_indicator.Psi), Epi = Defined(epi),
            Churn = _observations.Count == 0 ? null : kept.Churn((ChannelMask)_observations[^1].Kept),
        };
        _observations.Add(observation);
        return observation;
    }

    public PolicyDecision Decide() => policy.Decide(_observations);

    /// <summary>The step of an epoch before which the next observation is due.</summary>
    /// <param name="step">The present step, from 0.</param>
    /// <param name="steps">Steps per epoch.</param>
    public int NextStep(int step, int steps) => Enumerable.Range(1, ObservationsPerEpoch)
        .Select(observation => (int)Math.Round((double)steps * observation / ObservationsPerEpoch)).First(next => next > step);

    private static double? Defined(double value) => double.IsNaN(value) ? null : value;
}
