namespace Microsoft.ML.PaT;

/// <summary>
/// Learning-rate schedules for the epochs after pruning. E epochs of N steps, T = E * N; peak is the highest and low
/// the last rate of the original run. The first four are those compared by Le and Hua (ICLR 2021), the last two those
/// of Zimmer, Spiegel and Pokutta (ICLR 2023).
/// </summary>
public enum RetrainingSchedule
{
    /// <summary>FT (fine-tuning): constant low rate.</summary>
    FineTuning,

    /// <summary>LRW (learning-rate rewinding): the last E epochs of the original schedule.</summary>
    LearningRateRewinding,

    /// <summary>
    /// SLR: int(E/10) epochs of cosine warm-up from low to peak, one value per epoch, then the original milestones,
    /// compressed to the remaining epochs.
    /// </summary>
    ScaledRestarting,

    /// <summary>
    /// CLR: a cosine from peak/100 to peak during the first tenth of the steps, then a cosine to peak/10^4. The
    /// momentum goes from 0.95 to 0.85 and back.
    /// </summary>
    CyclicRestarting,

    /// <summary>LLR: a cosine from 0 to peak during the first tenth of the steps, then linear to 0.</summary>
    Linear,

    /// <summary>
    /// ALLR: <see cref="Linear"/> with the peak reduced to peak * min(1, max(d1, d2)). d1 is the relative change of the
    /// weights by pruning, (||w - w_pruned|| / ||w||) / sqrt(fraction of removed weights); d2 = E / original epochs.
    /// </summary>
    AdaptiveLinear,
}
