using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Pruning.Scoring;

/// <summary>
/// The tables that map scores of the filters, batch-norms and outputs of one network to channels. Each is made when it
/// is first used. Owns them.
/// </summary>
internal sealed class ScoreTables(ChannelGroups groups, TrainableNetwork network) : IDisposable
{
    private ChannelRows? _filters, _norms, _outputs;
    private (Tensor Scales, Tensor Shifts)? _positions;

    public ChannelRows Filters => _filters ??= ChannelRows.OfFilters(groups, network.Device);

    public ChannelRows Norms => _norms ??= ChannelRows.OfNorms(groups, network.Device);

    public ChannelRows Outputs => _outputs ??= ChannelRows.OfOutputs(groups, network.Device);

    /// <summary>
    /// gamma*dL/dgamma + beta*dL/dbeta of every batch-norm in <see cref="Norms"/>, [rows]: all norms share a buffer, so
    /// it takes a few operators.
    /// </summary>
    public Tensor NormProducts()
    {
        var (scales, shifts) = _positions ??= (Positions(n => n.Scale), Positions(n => n.Shift));
        var products = network.Undecayed.Values.mul(network.Undecayed.Gradients);
        return products.index_select(0, scales).Plus_(products.index_select(0, shifts));
    }

    public void Dispose()
    {
        _filters?.Dispose();
        _norms?.Dispose();
        _outputs?.Dispose();
        _positions?.Scales.Dispose();
        _positions?.Shifts.Dispose();
    }

    private Tensor Positions(Func<BatchNormLayer, string> name)
    {
        var used = Norms.Sources.Select(s => s.Name).ToHashSet();
        long[] positions = [.. network.Definition.Layers.OfType<BatchNormLayer>().Where(n => used.Contains(n.Scale))
            .SelectMany(n => Enumerable.Range(0, n.Channels).Select(c => network.Undecayed.Offset(name(n)) + c))];
        return tensor(positions, device: network.Device).DetachFromDisposeScope();
    }
}
