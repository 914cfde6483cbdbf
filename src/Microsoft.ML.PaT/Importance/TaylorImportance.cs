using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT;

/// <summary>
/// The gradient score of CVPR 2022, equation 2: the mean over an epoch's batches of |gamma*dL/dgamma + beta*dL/dbeta| of the batch-norms of
/// a channel, from the gradients that training makes anyway. All norms lie in one flat buffer, so a batch costs six small operators.
/// </summary>
internal sealed class TaylorImportance : IDisposable
{
    private readonly GroupReduction _reduction;
    private readonly Tensor _scale;
    private readonly Tensor _shift;
    private readonly Tensor _channel;
    private readonly Tensor _norms;
    private readonly Queue<(Tensor Sum, int Batches)> _past = [];
    private Tensor _sum;
    private int _batches;

    /// <summary>Prepares the gathering.</summary>
    /// <param name="groups">The groups of the network.</param>
    /// <param name="norms">Where the norms of the network lie.</param>
    /// <param name="reduction">How the norms of a channel become one score.</param>
    public TaylorImportance(ChannelGroups groups, FlatParameters norms, GroupReduction reduction)
    {
        _reduction = reduction;
        var scales = groups.Flow.Definition.Layers.OfType<BatchNormLayer>().ToDictionary(l => l.Scale, l => l.Shift);
        List<long> scale = [], shift = [], channel = [];
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
            slot += group.Width;
        }
        using var scope = NewDisposeScope();
        var device = norms.Values.device;
        _scale = tensor(scale.ToArray(), device: device).DetachFromDisposeScope();
        _shift = tensor(shift.ToArray(), device: device).DetachFromDisposeScope();
        _channel = tensor(channel.ToArray(), device: device).DetachFromDisposeScope();
        _norms = zeros(slot, device: device).index_add_(0, _channel, ones(channel.Count, device: device), 1).DetachFromDisposeScope();
        _sum = zeros(slot, device: device).DetachFromDisposeScope();
    }

    /// <summary>Whether any gradients have been gathered.</summary>
    public bool HasScores => _batches > 0 || _past.Count > 0;

    /// <summary>Takes in the gradients of a batch; call after the backward pass, before the step.</summary>
    public void Gather(FlatParameters norms)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var products = norms.Values.mul(norms.Gradients);
        var perNorm = products.index_select(0, _scale).add_(products.index_select(0, _shift));
        if (_reduction == GroupReduction.Mean)
        {
            _sum.index_add_(0, _channel, perNorm.abs_(), 1);
        }
        else
        {
            _sum.add_(zeros_like(_sum).index_add_(0, _channel, perNorm, 1).abs_());
        }
        _batches++;
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
        if (_reduction == GroupReduction.Mean) total.div_(_norms);
        return total.to(ScalarType.Float64).cpu().data<double>().ToArray();
    }

    public void Dispose()
    {
        foreach (var (sum, _) in _past) sum.Dispose();
        foreach (var tensor in new[] { _scale, _shift, _channel, _norms, _sum }) tensor.Dispose();
    }
}
