using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Budget;
using Microsoft.ML.PaT.Pruning.Scoring;

namespace Microsoft.ML.PaT;

/// <summary>When, by what score and how much to prune.</summary>
public sealed record PruningOptions
{
    /// <summary>How much to remove.</summary>
    /// <value>Default: half of the channels.</value>
    public PruningTarget Target { get; init; } = PruningTarget.Channels(0.5);

    /// <summary>When to remove it.</summary>
    /// <value>Default: as soon as the Early Pruning Indicator calls the sub-network stable.</value>
    public PruningPolicy Policy { get; init; } = PruningPolicy.EarlyPruningIndicator();

    /// <summary>How to train after the cut.</summary>
    /// <value>
    /// Default null: the schedule of the run goes on (CVPR 2022). Otherwise retraining begins with the first epoch
    /// after the first channels were removed, and the run ends when it is over, whatever
    /// <see cref="TrainingOptions.Epochs"/> says. <see cref="PruningPolicy.AfterTraining"/> needs it.
    /// </value>
    public RetrainingOptions? Retraining { get; init; }

    /// <summary>Distillation of the dense network into the compact one.</summary>
    /// <value>Default null: the compact network learns from the labels alone.</value>
    public DistillationOptions? Distillation { get; init; }

    /// <summary>
    /// How many times larger batches may become after the last cut, from the next epoch on: as far as the activations
    /// of the compact network fill the memory that those of the dense one took. The learning rate is multiplied by as
    /// much (Goyal et al., 2017), for AdamW by the square root (Malladi et al., 2022); report and progress say so.
    /// </summary>
    /// <value>1 (batches stay as they are) to 64; default 1.</value>
    [InRange(1, 64)]
    public double BatchGrowth { get; init; } = 1;

    /// <summary>The importance criterion of a channel.</summary>
    /// <value>Default <see cref="Importance.Taylor"/>; or a criterion of your own
    /// (docs/guide/own-criterion.md).</value>
    public Importance Criterion { get; init; } = Importance.Taylor;

    /// <summary>How the scores of coupled layers become one.</summary>
    /// <value>Default <see cref="GroupReduction.Mean"/> (docs/decisions/score.md).</value>
    public GroupReduction Reduction { get; init; } = GroupReduction.Mean;

    /// <summary>How scores of different groups are made comparable before they are ranked together.</summary>
    /// <value>
    /// Default null: the criterion's <see cref="Importance.DefaultNormalization"/>, in most cases
    /// <see cref="ScoreNormalization.GroupMean"/> (docs/decisions/score.md).
    /// </value>
    public ScoreNormalization? Normalization { get; init; }

    /// <summary>The channels that a channel is ranked with: all of the network, or those of its own group.</summary>
    /// <value>Default <see cref="RankingScope.Global"/>.</value>
    public RankingScope Ranking { get; init; } = RankingScope.Global;

    /// <summary>What must stay, whatever the scores say: layers, smallest widths.</summary>
    public PruningLimits Limits { get; init; } = new();

    /// <summary>
    /// The channels to keep, decided elsewhere: the policy then says only when. The plan is carried out at once;
    /// <see cref="Target"/>, <see cref="Limits"/> and <see cref="RoundTo"/> have no effect.
    /// </summary>
    /// <value>Default null: decided by the scores.</value>
    public PruningPlan? Plan { get; init; }

    /// <summary>
    /// The number of channels that layers keep, decided elsewhere: the scores say which, and the policy says when.
    /// Layers that are coupled with a named layer follow it, all others stay whole. <see cref="Target"/>,
    /// <see cref="Limits"/> and <see cref="RoundTo"/> have no effect.
    /// </summary>
    /// <value>
    /// Channels by layer (<see cref="PruningPlan.LoadWidths"/>); default null: decided by the target.
    /// </value>
    public IReadOnlyDictionary<string, int>? Widths { get; init; }

    /// <summary>
    /// Number of steps in which the channels are removed, spread over <see cref="IterativeEpochs"/>; the rest is scored
    /// anew before each.
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
    /// Batches of training images from which the running statistics of batch-norms are computed anew after each cut,
    /// before training goes on.
    /// </summary>
    /// <value>0 (off: they adapt while training goes on) to 10000; default 0. At most an epoch's.</value>
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
    /// at least 4 in networks with depthwise convolutions (docs/results/widths.md); halved where the target could not
    /// be reached with it. A group narrower than the step keeps its width.
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
        Target = Target, Limits = Limits, Plan = Plan, Widths = Widths, RoundTo = RoundTo,
        MeasureRoundTo = MeasureRoundTo, LatencyBatch = LatencyBatch, IterativeSteps = IterativeSteps,
        IterativeEpochs = IterativeEpochs, Schedule = Schedule,
    };
}
