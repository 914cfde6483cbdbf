using Microsoft.ML.PaT.Pruning.Budget;
using Microsoft.ML.PaT.Pruning.Scoring;
using Microsoft.ML.PaT.Distributed;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Training;

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
    /// Default none: the schedule of the run goes on (CVPR 2022). Otherwise retraining begins with the first epoch after the first channels went,
    /// and the run ends when it is over, whatever <see cref="TrainingOptions.Epochs"/> says. <see cref="PruningPolicy.AfterTraining"/> needs it.
    /// </value>
    public RetrainingOptions? Retraining { get; init; }

    /// <summary>Lets the compact network learn from the dense one too.</summary>
    /// <value>Default none: from the labels alone, and nothing of the dense network is kept.</value>
    public DistillationOptions? Distillation { get; init; }

    /// <summary>
    /// How many times larger batches may become after the last cut, from the next epoch on: as far as the activations of the compact network fill the memory that those of the
    /// dense one took. The learning rate is multiplied by as much (Goyal et al., 2017), for AdamW by the square root (Malladi et al., 2022); report and progress say so.
    /// </summary>
    /// <value>1 (batches stay as they are) to 64; default 1.</value>
    public double BatchGrowth { get; init; } = 1;

    /// <summary>What makes a channel important.</summary>
    /// <value>Default <see cref="Importance.Taylor"/>; or a criterion of your own (docs/guide/own-criterion.md).</value>
    public Importance Criterion { get; init; } = Importance.Taylor;

    /// <summary>How the scores of coupled layers become one.</summary>
    /// <value>Default <see cref="GroupReduction.Mean"/> (docs/decisions/score.md).</value>
    public GroupReduction Reduction { get; init; } = GroupReduction.Mean;

    /// <summary>How scores of different groups are made comparable before they are ranked together.</summary>
    /// <value>
    /// Default: <see cref="ScoreNormalization.GroupMean"/> (docs/decisions/score.md); <see cref="ScoreNormalization.None"/> for LAMP and SynFlow,
    /// whose scores are comparable between layers by their definition.
    /// </value>
    public ScoreNormalization? Normalization { get; init; }

    /// <summary>What channels are ranked against: all of the network, or their own group.</summary>
    /// <value>Default <see cref="RankingScope.Global"/>.</value>
    public RankingScope Ranking { get; init; } = RankingScope.Global;

    /// <summary>What must stay, whatever the scores say: layers, least widths.</summary>
    public PruningLimits Limits { get; init; } = new();

    /// <summary>
    /// Which channels to keep, decided elsewhere: the policy then says only when. It is carried out at once; <see cref="Target"/>, <see cref="Limits"/> and
    /// <see cref="RoundTo"/> have no say.
    /// </summary>
    /// <value>Default null: decided by the scores.</value>
    public PruningPlan? Plan { get; init; }

    /// <summary>
    /// How many channels layers keep, decided elsewhere: which of them, the scores say, and the policy says when. What is coupled with a named layer follows,
    /// all others stay whole. <see cref="Target"/>, <see cref="Limits"/> and <see cref="RoundTo"/> have no say.
    /// </summary>
    /// <value>Channels by layer (<see cref="NetworkWidths.Load"/>); default null: decided by the target.</value>
    public IReadOnlyDictionary<string, int>? Widths { get; init; }

    /// <summary>IterativeSteps in which the channels go, spread over <see cref="IterativeEpochs"/>; what is left is scored anew before each.</summary>
    /// <value>1 (all at once) to 100; default 1 (docs/decisions/gradual.md).</value>
    public int IterativeSteps { get; init; } = 1;

    /// <summary>How much goes in which of several cuts.</summary>
    /// <value>Default <see cref="PruningSchedule.Exponential"/> (CVPR 2022).</value>
    public PruningSchedule Schedule { get; init; } = PruningSchedule.Exponential;

    /// <summary>Epochs over which the cuts are spread: as many as cuts, and the network trains an epoch after each; n times as many, n epochs. The end of the run ends them.</summary>
    /// <value>1 to 1000; default 1.</value>
    public int IterativeEpochs { get; init; } = 1;

    /// <summary>Batches of training images from which the running statistics of batch-norms are computed anew after each cut, before training goes on.</summary>
    /// <value>0 (off: they follow by themselves while training goes on) to 10000; default 0. At most an epoch's.</value>
    public int RecalibrateBatchNorm { get; init; }

    /// <summary>Images scored at a time where latency is measured: for a target by latency, and for the report.</summary>
    /// <value>1 to 4096; default 1.</value>
    public int LatencyBatch { get; init; } = 1;

    /// <summary>Widths after pruning are multiples of this, because libraries have slow kernels for odd widths.</summary>
    /// <value>
    /// 1 (no rounding) to 64; default null: an eighth of the narrowest group's width as a power of two, at most 8, and at
    /// least 4 in networks with depthwise convolutions (docs/results/widths.md); halved where the target could not be
    /// reached with it. A group narrower than the step keeps its width.
    /// </value>
    public int? RoundTo { get; init; }

    /// <summary>
    /// Chooses the width step by timing 1, 4, 8 and 16 on the device, once; the times are kept in the user's cache folder.
    /// Two runs of the same options may then give networks of different widths.
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
        Target = Target, Limits = Limits, Plan = Plan, Widths = Widths, RoundTo = RoundTo, MeasureRoundTo = MeasureRoundTo,
        LatencyBatch = LatencyBatch, IterativeSteps = IterativeSteps, IterativeEpochs = IterativeEpochs, Schedule = Schedule,
    };
}
