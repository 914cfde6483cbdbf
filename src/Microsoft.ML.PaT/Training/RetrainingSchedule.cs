using Microsoft.ML.PaT.Training;

namespace Microsoft.ML.PaT;

/// <summary>
/// Learning-rate schedules for the epochs after a cut. E epochs of N steps, T = E*N; peak is the highest, low the last rate of the original run.
/// The first four as compared by Le and Hua (ICLR 2021), the last two by Zimmer, Spiegel and Pokutta (ICLR 2023).
/// </summary>
public enum RetrainingSchedule
{
    /// <summary>FT: low, constant.</summary>
    FineTuning,

    /// <summary>LRW: the last E epochs of the original schedule again.</summary>
    LearningRateRewinding,

    /// <summary>SLR: int(E/10) epochs of cosine warm-up from low to peak, one value an epoch, then the original drops squeezed into the epochs that are left.</summary>
    ScaledRestarting,

    /// <summary>CLR: a cosine from peak/100 up to peak over the first tenth of the steps, then one down to peak/10^4; the momentum runs from 0.95 to 0.85 and back.</summary>
    CyclicRestarting,

    /// <summary>LLR: a cosine from 0 up to peak over the first tenth of the steps, then in a straight line to 0.</summary>
    Linear,

    /// <summary>ALLR: <see cref="Linear"/> with a peak lowered to peak * min(1, max(d1, d2)): d1 is what the cut took (<see cref="RetrainingSchedules.WeightChange"/>), d2 = E / original epochs.</summary>
    AdaptiveLinear,
}
