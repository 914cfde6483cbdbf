using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT;

/// <summary>
/// The gradient score of CVPR 2022, equation 2: the mean over an epoch's batches of |gamma*dL/dgamma + beta*dL/dbeta| of the batch-norms of
/// a channel, from the gradients that training makes anyway. All norms lie in one flat buffer, so a batch costs six small operators.
/// Channels without a batch-norm are scored by their weights instead: |sum of w*dL/dw|.
/// </summary>
internal sealed class TaylorImportance : IDisposable
{
    private readonly TrainableNetwork _network;
    private readonly GroupReduction _reduction;
    private readonly List<(Tensor Weight, Tensor Indices, Tensor Channels)> _unnormed = [];
    private readonly Tensor _scale;
    private readonly Tensor _shift;
    private readonly Tensor _channel;
    private readonly Tensor _layers;
    private readonly Queue<(Tensor Sum, int Batches)> _past = [];
    private Tensor _sum;
    private int _batches;

    /// <summary>Prepares the gathering.</summary>
    /// <param name="groups">The groups of the network.</param>
    /// <param name="network">The network; not owned.</param>
    /// <param name="reduction">How the layers of a channel become one score.</param>
    public TaylorImportance(ChannelGroups groups, TrainableNetwork network, GroupReduction reduction)
    {
        (_network, _reduction) = (network, reduction);
        var norms = network.Norms;
        var device = network.Device;
        using var scope = NewDisposeScope();
        var scales = groups.Flow.Definition.Layers.OfType<BatchNormLayer>().ToDictionary(l => l.Scale, l => l.Shift);
        List<long> scale = [], shift = [], channel = [];
        List<long> layers = [];
        var slot = 0;
        foreach (var group in groups.Groups)
        {
            foreach (var member in group.Members)
            {
                if (!scales.TryGetValue(member.Parameter, out var shiftName)) continue;
                for (var i = 0; i < member.Indices.Length; i++)
                {
                    scale.Add(norms.Offset(member.Parameter) + member.Indices[i]);
                    shift.Add(norms.Offset(shiftName) + member.Indices[i]);
                    channel.Add(slot + member.Channels[i]);
                }
            }
            if (!group.Members.Any(m => scales.ContainsKey(m.Parameter)))
            {
                foreach (var member in group.Members.Where(m => m.Dimension == 0 && network.Weights.Parameters.ContainsKey(m.Parameter)))
                {
                    long[] channels = [.. member.Channels.Select(c => (long)(slot + c))];
                    _unnormed.Add((network.Tensors[member.Parameter], Keep(member.Indices), Keep(channels)));
                    layers.AddRange(channels);
                }
            }
            slot += group.Width;
        }
        layers.AddRange(channel);
        _scale = Keep(scale.ToArray());
        _shift = Keep(shift.ToArray());
        _channel = Keep(channel.ToArray());
        _layers = zeros(slot, device: device).index_add_(0, tensor(layers.ToArray(), device: device), ones(layers.Count, device: device), 1).DetachFromDisposeScope();
        _sum = zeros(slot, device: device).DetachFromDisposeScope();

        Tensor Keep(long[] values) => tensor(values, device: device).DetachFromDisposeScope();
    }

    /// <summary>Takes in the gradients of a batch; call after the backward pass, before the step.</summary>
    public void Gather()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        // Mean: absolute values of each layer are summed. Sum: layers are summed with their signs first, as published.
        var mean = _reduction == GroupReduction.Mean;
        var batch = mean ? _sum : zeros_like(_sum);
        var products = _network.Norms.Values.mul(_network.Norms.Gradients);
        Add(_channel, products.index_select(0, _scale).add_(products.index_select(0, _shift)));
        foreach (var (weight, indices, channels) in _unnormed)
        {
            var perOutput = weight.mul(weight.grad!).sum([.. Enumerable.Range(1, (int)weight.dim() - 1).Select(d => (long)d)]);
            Add(channels, perOutput.index_select(0, indices));
        }
        if (!mean) _sum.add_(batch.abs_());
        _batches++;

        void Add(Tensor channels, Tensor scores) => batch.index_add_(0, channels, mean ? scores.abs_() : scores, 1);
    }

    /// <summary>The mean over the batches of the last epoch, then a new observation begins.</summary>
    /// <param name="observationsPerEpoch">Observations that make an epoch.</param>
    /// <returns>One score a channel, group after group.</returns>
    public double[] Score(int observationsPerEpoch)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        _past.Enqueue((_sum, _batches));
        while (_past.Count > observationsPerEpoch) _past.Dequeue().Sum.Dispose();
        _sum = zeros_like(_sum).DetachFromDisposeScope();
        _batches = 0;

        var total = zeros_like(_sum);
        foreach (var (sum, _) in _past) total.add_(sum);
        total.div_(Math.Max(1, _past.Sum(p => p.Batches)));
        if (_reduction == GroupReduction.Mean) total.div_(_layers);
        return total.to(ScalarType.Float64).cpu().data<double>().ToArray();
    }

    /// <summary>What was gathered: a row of sums for each observation, the one under way last, and the batches behind each; owned by the caller.</summary>
    public Dictionary<string, Tensor> State() => new()
    {
        ["sums"] = stack([.. _past.Select(p => p.Sum), _sum]),
        ["batches"] = tensor([.. _past.Select(p => (long)p.Batches), _batches]),
    };

    /// <summary>Goes on from what <see cref="State"/> gave.</summary>
    public void Restore(IReadOnlyDictionary<string, Tensor> state)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var sums = state["sums"].to(_sum.device).unbind(0);
        var batches = state["batches"].data<long>().ToArray();
        for (var i = 0; i < batches.Length - 1; i++) _past.Enqueue((sums[i].clone().DetachFromDisposeScope(), (int)batches[i]));
        _sum.copy_(sums[^1]);
        _batches = (int)batches[^1];
    }

    public void Dispose()
    {
        foreach (var (sum, _) in _past) sum.Dispose();
        foreach (var tensor in new[] { _scale, _shift, _channel, _layers, _sum }) tensor.Dispose();
        foreach (var (_, indices, channels) in _unnormed)
        {
            indices.Dispose();
            channels.Dispose();
        }
    }
}
