using Microsoft.ML.PaT.Distributed;
using Microsoft.ML.PaT.Pruning.Budget;
using Microsoft.ML.PaT.Training;
using Microsoft.ML.PaT.Training.Kernels;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Pruning.Scoring;

/// <summary>
/// Scores the channels of one network by a criterion, in its number of rounds, and normalizes the scores of groups.
/// </summary>
internal sealed class ChannelScorer : IDisposable
{
    private readonly ScoringSettings _settings;
    private readonly Importance _criterion;
    private readonly ProbeBatches? _images;
    private readonly int _seed;
    private readonly TargetPlanner? _planner;
    private readonly Communicator _ranks;
    private readonly ScoreTables _tables;
    private readonly ImportanceContext _context;
    private readonly BatchAverage _average = new();

    /// <param name="settings">Criterion, reduction, normalization and ranking.</param>
    /// <param name="network">The network; not owned.</param>
    /// <param name="images">Images for criteria that make passes of their own; null for none.</param>
    /// <param name="planner">The target, for criteria that score in rounds; null for one round.</param>
    /// <param name="ranks">Ranks whose scores are averaged; null for a single process.</param>
    public ChannelScorer(
        ScoringSettings settings,
        TrainableNetwork network,
        ProbeBatches? images,
        int seed,
        TargetPlanner? planner,
        Communicator? ranks = null)
    {
        (_settings, _criterion, _images, _seed, _planner, _ranks) =
            (settings, settings.Criterion, images, seed, planner, ranks ?? SingleProcess.Instance);
        Network = network;
        Groups = ChannelGroups.Of(network.Definition);
        _tables = new(Groups, network);
        _context = NewContext(network, _tables);
    }

    public TrainableNetwork Network { get; }

    public ChannelGroups Groups { get; }

    /// <summary>
    /// Whether scores come from the gradients of training; before the first batch, they come from probe batches.
    /// </summary>
    public bool NeedsGradients => _criterion.UsesGradients;

    /// <summary>Adds the gradients of a training batch; call it after the backward pass, before the step.</summary>
    public void Gather()
    {
        if (NeedsGradients) Gather(_context, _average);
    }

    /// <param name="observations">For gradients, number of recent observations to average over.</param>
    public ChannelScores Score(int observations)
    {
        using var scope = NewDisposeScope();
        if (NeedsGradients && _average.IsEmpty) return Probed();
        return InRounds(_context, NeedsGradients ? _average.Observe(observations) : null);
    }

    /// <summary>What was gathered since the last observation, by name; owned by the caller.</summary>
    public Dictionary<string, Tensor> State() => _average.State();

    /// <summary>Restores what <see cref="State"/> returned.</summary>
    public void Restore(IReadOnlyDictionary<string, Tensor> state)
    {
        if (state.Count > 0) _average.Restore(state, Network.Device);
    }

    public void Dispose()
    {
        _tables.Dispose();
        _average.Dispose();
    }

    /// <summary>Scores by the gradients of the probe images.</summary>
    private ChannelScores Probed()
    {
        using var copy = Network.Copy();
        using var tables = new ScoreTables(Groups, copy);
        var context = NewContext(copy, tables);
        using var average = new BatchAverage();
        using var noise = new Generator((ulong)_seed);
        copy.Module.Train(noise);
        context.ForEachBatch((images, labels) =>
        {
            FusedNormFunction.BackwardFrom(nn.functional.cross_entropy(copy.Module.call(images), labels));
            Gather(context, average);
            copy.Decayed.Gradients.zero_();
            copy.Undecayed.Gradients.zero_();
        });
        return InRounds(context, average.Observe(observations: 1));
    }

    private void Gather(ImportanceContext context, BatchAverage average)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        average.Add(_criterion.OfBatch(context) ?? throw Invalid("null for a batch; OfBatch must return a tensor."));
    }

    private ChannelScores InRounds(ImportanceContext context, Tensor? mean)
    {
        if (mean is not null) context.BatchMean = mean;
        var rounds = _planner is null ? 1 : _criterion.Rounds;
        var maskedIn = new int[context.Channels];
        for (var round = 1; ; round++)
        {
            context.Round = round;
            context.Masked = round == 1 ? null : Array.ConvertAll(maskedIn, masked => masked > 0);
            var scores = ChannelScores.Of(
                Groups, Score(context), _settings.Normalization, _settings.Ranking, new(maskedIn, rounds));
            if (round == rounds) return scores;
            var plan = _planner!.Towards(Groups, scores, (double)round / rounds);
            var first = 0;
            foreach (var group in Groups.Groups)
            {
                var kept = plan.Kept[group.Name].ToHashSet();
                for (var c = 0; c < group.Width; c++)
                {
                    if (!kept.Contains(c) && maskedIn[first + c] == 0) maskedIn[first + c] = round;
                }
                first += group.Width;
            }
        }
    }

    /// <summary>One score per channel, the mean over the ranks.</summary>
    private double[] Score(ImportanceContext context)
    {
        using var scope = NewDisposeScope();
        var scores = _criterion.Score(context) ?? throw Invalid("null; Score must return a tensor.");
        if (scores.shape is not [var count] || count != context.Channels)
        {
            throw Invalid(
                $"scores [{string.Join(',', scores.shape)}]; they must be [{context.Channels}], one per channel of the "
                + $"groups of '{Network.Definition.Name}'.");
        }
        var values = scores.detach().to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
        _ranks.AllReduce(values.AsSpan(), Reduction.Sum);
        return Array.ConvertAll(values, v => v / _ranks.Size);
    }

    private InvalidOptionsException Invalid(string given) =>
        new(ErrorCodes.ScoresInvalid, $"The criterion '{_criterion.Name}' gave {given}");

    private ImportanceContext NewContext(TrainableNetwork network, ScoreTables tables) =>
        new(Groups, network, tables, _images, _settings, _seed);
}
