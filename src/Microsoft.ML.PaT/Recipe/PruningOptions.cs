using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Pruning.Budget;
using Microsoft.ML.PaT.Pruning.Scoring;

namespace Microsoft.ML.PaT;

/// <summary>Policy, criterion, target and retraining of pruning.</summary>
public sealed record PruningOptions
{
    internal const double DefaultRatio = 0.5;

    /// <summary>What pruning reduces, and by what fraction.</summary>
    /// <value>Default: half of the channels.</value>
    public PruningTarget Target { get; init; } = PruningTarget.Channels(DefaultRatio);

    /// <summary>Decides when to prune.</summary>
    /// <value>Default: as soon as the sub-network is stable by the Early Pruning Indicator.</value>
    public PruningPolicy Policy { get; init; } = PruningPolicy.EarlyPruningIndicator();

    /// <summary>Retraining after pruning.</summary>
    /// <value>
    /// Default null: the schedule of the run continues (CVPR 2022). Otherwise retraining begins with the first epoch
    /// after the first pruning step, and the run ends with it, regardless of <see cref="TrainingOptions.Epochs"/>.
    /// Required by <see cref="PruningPolicy.AfterTraining"/>.
    /// </value>
    public RetrainingOptions? Retraining { get; init; }

    /// <summary>Distillation of the dense network into the compact one.</summary>
    /// <value>Default null: the compact network learns from the labels alone.</value>
    public DistillationOptions? Distillation { get; init; }

    /// <summary>
    /// Maximum factor by which the batch size grows in the epoch after the last pruning step. It grows until the
    /// activations of the compact network need the memory of the dense network's. The learning rate is multiplied by
    /// the growth of the mean batch, which is the ratio of the steps per epoch (Goyal et al., 2017), for AdamW by its
    /// square root (Malladi et al., 2022); the report has both. If the steps per epoch stay, nothing changes.
    /// </summary>
    /// <value>1 (batches stay as they are) to 64; default 1.</value>
    [InRange(1, 64)]
    public double BatchGrowth { get; init; } = 1;

    /// <summary>The importance criterion of a channel.</summary>
    /// <value>Default <see cref="Importance.Taylor"/>; or a criterion of your own
    /// (docs/guide/own-criterion.md).</value>
    public Importance Criterion { get; init; } = Importance.Taylor;

    /// <summary>How the scores of coupled layers are combined.</summary>
    /// <value>Default <see cref="GroupReduction.Mean"/> (docs/decisions/score.md).</value>
    public GroupReduction Reduction { get; init; } = GroupReduction.Mean;

    /// <summary>How scores of different groups are made comparable before they are ranked together.</summary>
    /// <value>
    /// Default null: the criterion's <see cref="Importance.DefaultNormalization"/>, in most cases
    /// <see cref="ScoreNormalization.GroupMean"/> (docs/decisions/score.md). It has no effect with
    /// <see cref="RankingScope.PerLayer"/>, which compares channels of the same group only.
    /// </value>
    public ScoreNormalization? Normalization { get; init; }

    /// <summary>The channels that a channel is ranked with: all of the network, or those of its own group.</summary>
    /// <value>Default <see cref="RankingScope.Global"/>.</value>
    public RankingScope Ranking { get; init; } = RankingScope.Global;

    /// <summary>Limits that apply regardless of the scores: layers to keep, minimum widths.</summary>
    public PruningLimits Limits { get; init; } = new();

    /// <summary>
    /// A given plan, the channels to keep: only the time of pruning is decided in the run. It is applied in one step;
    /// <see cref="Target"/>, <see cref="Limits"/> and <see cref="RoundTo"/> have no effect.
    /// </summary>
    /// <value>Default null: decided by the scores.</value>
    public PruningPlan? Plan { get; init; }

    /// <summary>
    /// Given numbers of channels that layers keep: the scores decide which channels, and the policy decides when.
    /// Layers that are coupled with a named layer follow it; all others keep their channels. <see cref="Target"/>,
    /// <see cref="Limits"/> and <see cref="RoundTo"/> have no effect.
    /// </summary>
    /// <value>
    /// Channels by layer (<see cref="PruningPlan.LoadWidths"/>); default null: decided by the target.
    /// </value>
    public IReadOnlyDictionary<string, int>? Widths { get; init; }

    /// <summary>
    /// Number of pruning steps, spread over <see cref="IterativeEpochs"/>; the remaining channels are scored again
    /// before each step.
    /// </summary>
    /// <value>1 (all at once) to 100; default 1 (docs/decisions/iterative-pruning.md).</value>
    [InRange(1, 100)]
    public int IterativeSteps { get; init; } = 1;

    /// <summary>How the channels to remove are spread over the steps.</summary>
    /// <value>Default <see cref="PruningSchedule.Exponential"/> (CVPR 2022).</value>
    public PruningSchedule Schedule { get; init; } = PruningSchedule.Exponential;

    /// <summary>
    /// Number of epochs over which the iterative steps are spread evenly; limited by the end of the run.
    /// </summary>
    /// <value>1 to 1000; default 1.</value>
    [InRange(1, 1000, Unit = "epochs")]
    public int IterativeEpochs { get; init; } = 1;

    /// <summary>
    /// Number of training batches from which the running statistics of batch-norms are recomputed after each pruning
    /// step, before training continues.
    /// </summary>
    /// <value>
    /// 0 to 10000, at most those of an epoch; default 0: they adapt during training, or, if some are frozen, are
    /// recomputed from ten batches.
    /// </value>
    [InRange(0, 10_000, Unit = "batches")]
    public int RecalibrateBatchNorm { get; init; }

    /// <summary>Images per batch where latency is measured: for a target by latency, and for the report.</summary>
    /// <value>1 to 4096; default 1.</value>
    [InRange(1, 4096, Unit = "images")]
    public int LatencyBatch { get; init; } = 1;

    /// <summary>
    /// Widths after pruning are multiples of this, because libraries have slow kernels for odd widths.
    /// </summary>
    /// <value>
    /// 1 (no rounding) to 64; default null: an eighth of the narrowest group's width as a power of two, at most 8, and
    /// at least 4 in networks with depthwise convolutions (docs/results/widths.md); halved if the target could not
    /// be reached otherwise. A group narrower than the step keeps its width.
    /// </value>
    [InRange(1, 64, Unit = "channels")]
    public int? RoundTo { get; init; }

    /// <summary>
    /// Chooses the width step by timing 1, 4, 8 and 16 on the device, once; the times are kept in the user's cache
    /// folder. Two runs of the same options may then give networks of different widths.
    /// </summary>
    /// <value>Default false. Not together with <see cref="RoundTo"/>.</value>
    public bool MeasureRoundTo { get; init; }

    internal ScoreNormalization NormalizationInUse => Normalization ?? Criterion.DefaultNormalization;

    internal ScoringSettings Scoring => new()
    {
        Criterion = Criterion, Reduction = Reduction, Normalization = NormalizationInUse, Ranking = Ranking,
    };

    internal BudgetSettings Budget => new()
    {
        Target = Target, Limits = Limits, Ranking = Ranking, Plan = Plan, Widths = Widths, RoundTo = RoundTo,
        MeasureRoundTo = MeasureRoundTo, LatencyBatch = LatencyBatch, IterativeSteps = IterativeSteps,
        IterativeEpochs = IterativeEpochs, Schedule = Schedule,
    };
}
