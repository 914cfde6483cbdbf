namespace Microsoft.ML.PaT;

/// <summary>
/// Learning-rate schedules for the epochs after pruning. E epochs of N steps, T = E * N; peak is the highest and low
/// the last rate of the original run. If T is 1, the cyclic and the two linear schedules have their peak.
/// </summary>
public enum RetrainingSchedule
{
    /// <summary>FT (fine-tuning; Le and Hua, ICLR 2021): constant low rate.</summary>
    FineTuning,

    /// <summary>
    /// LRW (learning-rate rewinding; Le and Hua, ICLR 2021): the last E epochs of the original schedule.
    /// </summary>
    LearningRateRewinding,

    /// <summary>
    /// SLR (scaled restarting; Le and Hua, ICLR 2021): int(E/10) epochs of cosine warm-up from low to peak, one value
    /// per epoch, then the original milestones, compressed to the remaining epochs.
    /// </summary>
    ScaledRestarting,

    /// <summary>
    /// CLR (cyclic restarting; Le and Hua, ICLR 2021): a cosine from peak/100 to peak during the first tenth of the
    /// steps, then a cosine to peak/10^4. The momentum goes from 0.95 to 0.85 and back.
    /// </summary>
    CyclicRestarting,

    /// <summary>
    /// LLR (linear; Zimmer, Spiegel and Pokutta, ICLR 2023): a cosine from 0 to peak during the first tenth of the
    /// steps, then linear to 0.
    /// </summary>
    Linear,

    /// <summary>
    /// ALLR (adaptive linear; Zimmer, Spiegel and Pokutta, ICLR 2023): <see cref="Linear"/> with the peak reduced to
    /// peak * min(1, max(d1, d2)). d1 is the relative change of the weights by pruning,
    /// (||w - w_pruned|| / ||w||) / sqrt(fraction of removed weights); d2 = E / original epochs.
    /// </summary>
    AdaptiveLinear,
}
