using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Modeling;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Pruning.Scoring;

/// <summary>
/// Where the scores of channels come from: criteria score rows, which are the channels of batch-norms or the filters of layers, and this table
/// says which rows each channel of each group owns. Rows are numbered batch-norm after batch-norm, then weight after weight.
/// Owns its tensors.
/// </summary>
internal sealed class ChannelRows : IDisposable
{
    private readonly Tensor _table, _mask, _counts;

    private ChannelRows(IReadOnlyList<BatchNormLayer> norms, IReadOnlyList<string> weights, Tensor table, Tensor mask)
    {
        (Norms, Weights, _table, _mask) = (norms, weights, table, mask);
        using var scope = NewDisposeScope();
        _counts = mask.sum(1).clamp_min(Scalars.One).DetachFromDisposeScope();
    }

    /// <summary>The batch-norms whose channels are rows, in order.</summary>
    public IReadOnlyList<BatchNormLayer> Norms { get; }

    /// <summary>The weights, [rows, ...], whose filters are rows, in order.</summary>
    public IReadOnlyList<string> Weights { get; }

    /// <summary>Channels of all groups.</summary>
    public long Channels => _table.shape[0];

    /// <summary>Channels own the filters that make them.</summary>
    public static ChannelRows OfWeights(ChannelGroups groups, Device device) => Of(groups, [], device);

    /// <summary>Channels own the batch-norm channels that scale them; those that have none own the filters that make them.</summary>
    public static ChannelRows OfNorms(ChannelGroups groups, Device device) => Of(groups, groups.Flow.Definition.Layers.OfType<BatchNormLayer>(), device);

    /// <summary>Makes one score a channel out of one a row.</summary>
    /// <param name="rows">One score a row, [rows].</param>
    /// <param name="reduction">How.</param>
    /// <returns>[channels], group after group, in the caller's scope.</returns>
    public Tensor Reduce(Tensor rows, GroupReduction reduction)
    {
        using var scope = NewDisposeScope();
        var scores = rows.index_select(0, _table.view(-1)).view(_table.shape);
        var reduced = reduction switch
        {
            GroupReduction.Max => scores.amax([1L]), // what fills the table up repeats the channel's first row
            GroupReduction.Mean => scores.mul(_mask.to(rows.dtype)).sum(1).div_(_counts),
            _ => scores.mul(_mask.to(rows.dtype)).sum(1),
        };
        return reduced.MoveToOuterDisposeScope();
    }

    /// <summary>The sums of a tensor [rows, ...] over all but its first dimension, [rows].</summary>
    public static Tensor Sums(Tensor values) => values.dim() == 1 ? values : values.sum([.. Enumerable.Range(1, (int)values.dim() - 1).Select(d => (long)d)]);

    public void Dispose()
    {
        _table.Dispose();
        _mask.Dispose();
        _counts.Dispose();
    }

    private static ChannelRows Of(ChannelGroups groups, IEnumerable<BatchNormLayer> norms, Device device)
    {
        var definition = groups.Flow.Definition;
        var sizes = definition.Parameters.Where(p => p.Role == ParameterRole.Weight).ToDictionary(p => p.Name, p => p.Shape[0]);
        var scales = norms.ToDictionary(n => n.Scale);
        var owned = groups.Groups.SelectMany(g => Owned(g, scales.ContainsKey, sizes.ContainsKey)).ToList();
        var used = owned.SelectMany(rows => rows.Select(r => r.Parameter)).ToHashSet();

        BatchNormLayer[] usedNorms = [.. scales.Values.Where(n => used.Contains(n.Scale))];
        string[] usedWeights = [.. sizes.Keys.Where(used.Contains)];
        var first = new Dictionary<string, long>();
        long next = 0;
        foreach (var (name, size) in usedNorms.Select(n => (n.Scale, (long)n.Channels)).Concat(usedWeights.Select(w => (w, sizes[w]))))
        {
            first[name] = next;
            next += size;
        }

        var most = Math.Max(1, owned.Count == 0 ? 0 : owned.Max(rows => rows.Count));
        var table = new long[owned.Count * most];
        var mask = new float[table.Length];
        for (var channel = 0; channel < owned.Count; channel++)
        {
            var rows = owned[channel];
            for (var i = 0; i < most && rows.Count > 0; i++)
            {
                var (parameter, row) = rows[i < rows.Count ? i : 0];
                table[channel * most + i] = first[parameter] + row;
                mask[channel * most + i] = i < rows.Count ? 1 : 0;
            }
        }
        using var scope = NewDisposeScope();
        return new(usedNorms, usedWeights, tensor(table, device: device).view(owned.Count, most).DetachFromDisposeScope(), tensor(mask, device: device).view(owned.Count, most).DetachFromDisposeScope());
    }

    private static List<(string Parameter, long Row)>[] Owned(ChannelGroup group, Func<string, bool> isScale, Func<string, bool> isWeight)
    {
        var norms = Collect(isScale);
        var weights = Collect(isWeight);
        return [.. norms.Zip(weights, (n, w) => n.Count > 0 ? n : w)];

        List<(string, long)>[] Collect(Func<string, bool> counts)
        {
            var rows = Array.ConvertAll(new int[group.Width], _ => new List<(string, long)>());
            foreach (var member in group.Members.Where(m => m.Dimension == 0 && counts(m.Parameter)))
            {
                for (var i = 0; i < member.Indices.Length; i++) rows[member.Channels[i]].Add((member.Parameter, member.Indices[i]));
            }
            return rows;
        }
    }
}
