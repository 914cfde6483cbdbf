using Microsoft.ML.PaT.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Pruning.Scoring;

/// <summary>
/// The inputs of a criterion: channel groups, parameters and gradients of a network, copies of it for further passes,
/// and a few batches of images. Valid while a method of <see cref="Importance"/> runs.
/// </summary>
/// <remarks>
/// Reading it changes nothing in the training: no parameter, no running statistic, no gradient, no random number. The
/// library opens a dispose scope around each call, so new tensors need no disposal.
/// </remarks>
public sealed class ImportanceContext
{
    private readonly TrainableNetwork _network;
    private readonly ProbeBatches? _batches;
    private readonly GroupReduction _reduction;
    private readonly string _criterion;

    internal ImportanceContext(
        ChannelGroups groups,
        TrainableNetwork network,
        ScoreTables tables,
        ProbeBatches? batches,
        ScoringSettings settings,
        int seed)
    {
        (Groups, _network, Tables, _batches, Seed) = (groups, network, tables, batches, seed);
        (_reduction, _criterion) = (settings.Reduction, settings.Criterion.Name);
        Channels = groups.Groups.Sum(g => g.Width);
    }

    /// <summary>The network.</summary>
    public NetworkDefinition Network => _network.Definition;

    /// <summary>The channel groups of the network.</summary>
    public ChannelGroups Groups { get; }

    /// <summary>Number of channels of all groups: the number of scores.</summary>
    public int Channels { get; }

    /// <summary>
    /// All tensors of the network by name, running statistics included. Do not change them; use a probe.
    /// </summary>
    public IReadOnlyDictionary<string, Tensor> Parameters => _network.Tensors;

    /// <summary>The device of the parameters and images.</summary>
    public Device Device => _network.Device;

    /// <summary>The seed of the run.</summary>
    public int Seed { get; }

    /// <summary>The round of scoring, from 1 to <see cref="Importance.Rounds"/>.</summary>
    public int Round { get; internal set; } = 1;

    /// <summary>The mean of <see cref="Importance.OfBatch"/> over the training batches of the last epoch.</summary>
    /// <exception cref="InvalidOperationException">The criterion does not use gradients.</exception>
    public Tensor BatchMean
    {
        get =>
            field
            ?? throw new InvalidOperationException(
                $"The criterion '{_criterion}' has no values of batches: override UsesGradients and OfBatch.");
        internal set;
    }

    /// <summary>The channels that earlier rounds masked; null in the first round.</summary>
    internal IReadOnlyList<bool>? Masked { get; set; }

    /// <summary>Not owned.</summary>
    internal ScoreTables Tables { get; }

    /// <summary>
    /// The gradient of a trained parameter on the present batch, in <see cref="Importance.OfBatch"/>.
    /// </summary>
    /// <param name="parameter">Name of the parameter.</param>
    /// <exception cref="ArgumentException">No trained parameter has this name.</exception>
    public Tensor Gradient(string parameter) =>
        Parameters.TryGetValue(parameter, out var tensor) && tensor.requires_grad
            ? tensor.grad!
            : throw new ArgumentException(
                $"The network '{Network.Name}' trains no parameter '{parameter}'.", nameof(parameter));

    /// <summary>
    /// Returns a copy of the network for forward and backward passes. Channels that earlier rounds masked are 0 in it.
    /// </summary>
    /// <param name="type">Type of its tensors.</param>
    /// <param name="definition">
    /// A network with the same parameters to compute instead, such as one with other activations; null for the same.
    /// </param>
    /// <returns>The copy, in evaluation mode, owned by the caller.</returns>
    public NetworkProbe Probe(ScalarType type = ScalarType.Float32, NetworkDefinition? definition = null)
    {
        var probe = new NetworkProbe(definition ?? Network, Parameters, Device, type, Seed, _network.FusedNorms);
        if (Masked is { } masked) probe.Mask(Groups, masked);
        return probe;
    }

    /// <summary>
    /// Calls a function with the training images of up to ten batches: the same ones each time, chosen by the seed of
    /// the run, normalized and not augmented. With gradient accumulation or several processes, a call has as many
    /// images as a micro-batch of one process.
    /// </summary>
    /// <param name="use">
    /// Receives images [N,C,H,W] and labels [N]. Its new tensors are disposed when it returns, except gradients.
    /// </param>
    /// <returns>The number of calls.</returns>
    /// <exception cref="InvalidOptionsException">A trained network is pruned without images.</exception>
    public int ForEachBatch(Action<Tensor, Tensor> use) => ForEachBatch(use, null);

    /// <param name="images">Least number of images, if there are as many; null for ten batches.</param>
    internal int ForEachBatch(Action<Tensor, Tensor> use, int? images)
    {
        ArgumentNullException.ThrowIfNull(use);
        if (_batches is null)
        {
            throw new InvalidOptionsException(
                ErrorCodes.ImagesMissing,
                $"The criterion '{_criterion}' needs images, and none are given. Give some, or choose a criterion "
                    + "that uses weights alone, such as magnitude.");
        }
        return _batches.ForEach(Device, TrainableNetwork.PrefersChannelsLast(Network, Device), use, images);
    }

    /// <summary>One score per channel from the filters that produce it.</summary>
    /// <param name="score">
    /// Called with the name of each weight that produces channels; returns one score per output of it, [outputs].
    /// <see cref="Parameters"/> has the weight, outputs first.
    /// </param>
    /// <param name="reduction">Reduction over the filters of a channel; null for
    /// <see cref="PruningOptions.Reduction"/>.</param>
    /// <returns>[channels].</returns>
    public Tensor FromFilters(Func<string, Tensor> score, GroupReduction? reduction = null) =>
        FromRows(Tables.Filters, score, reduction);

    /// <summary>One score per channel from its batch-norms, or from its filters if it has none.</summary>
    /// <param name="score">
    /// Called with the name of each scale of a batch-norm, such as <c>bn1.weight</c>, and with the name of each weight
    /// that produces channels without a batch-norm; returns one score per channel or output, [channels].
    /// </param>
    /// <param name="reduction">Reduction over the batch-norms of a channel; null for
    /// <see cref="PruningOptions.Reduction"/>.</param>
    /// <returns>[channels].</returns>
    public Tensor FromNorms(Func<string, Tensor> score, GroupReduction? reduction = null) =>
        FromRows(Tables.Norms, score, reduction);

    /// <summary>One score per channel from the outputs of the layers that produce it.</summary>
    /// <param name="score">
    /// Called with the name of each convolution, linear or attention layer that produces channels; returns one score
    /// per output channel, [outputs].
    /// </param>
    /// <param name="reduction">Reduction over the layers of a channel; null for
    /// <see cref="PruningOptions.Reduction"/>.</param>
    /// <returns>[channels].</returns>
    public Tensor FromOutputs(Func<string, Tensor> score, GroupReduction? reduction = null) =>
        FromRows(Tables.Outputs, score, reduction);

    /// <summary>One score per channel from scores of rows, [rows].</summary>
    internal Tensor FromRows(ChannelRows rows, Tensor scores, GroupReduction? reduction = null) =>
        rows.Reduce(scores, reduction ?? _reduction);

    internal GroupReduction Reduction => _reduction;

    private Tensor FromRows(ChannelRows rows, Func<string, Tensor> score, GroupReduction? reduction)
    {
        ArgumentNullException.ThrowIfNull(score);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var scores = rows.Sources.Select(source => Checked(score(source.Name), source)).ToArray();
        return FromRows(rows, cat(scores), reduction).MoveToOuterDisposeScope();
    }

    private Tensor Checked(Tensor scores, (string Name, long Size) source) =>
        scores.shape is [var size] && size == source.Size
            ? scores
            : throw new InvalidOptionsException(
                ErrorCodes.ScoresInvalid,
                $"The criterion '{_criterion}' gave scores [{string.Join(',', scores.shape)}] for '{source.Name}'; "
                    + $"they must be [{source.Size}].");
}
