using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Pruning.Scoring;

/// <summary>
/// Maps scores of rows to channels. A row is a channel of a batch-norm, a filter of a weight, or an output of a layer;
/// the table lists the rows of each channel of each group. Rows are numbered source after source. Owns its tensors.
/// </summary>
internal sealed class ChannelRows : IDisposable
{
    private readonly Tensor _table, _mask, _counts;

    private ChannelRows(
        IReadOnlyList<(string Name, long Size)> sources,
        IReadOnlyList<List<(string Source, long Row)>> owned,
        Device device)
    {
        var used = owned.SelectMany(rows => rows.Select(r => r.Source)).ToHashSet();
        Sources = [.. sources.Where(s => used.Contains(s.Name))];
        var first = new Dictionary<string, long>();
        foreach (var (name, size) in Sources)
        {
            first[name] = Count;
            Count += size;
        }

        var most = Math.Max(1, owned.Select(rows => rows.Count).DefaultIfEmpty(0).Max());
        var table = new long[owned.Count * most];
        var mask = new float[table.Length];
        for (var channel = 0; channel < owned.Count; channel++)
        {
            var rows = owned[channel];
            for (var i = 0; i < most && rows.Count > 0; i++)
            {
                var (source, row) = rows[i < rows.Count ? i : 0];
                table[channel * most + i] = first[source] + row;
                mask[channel * most + i] = i < rows.Count ? 1 : 0;
            }
        }
        using var scope = NewDisposeScope();
        _table = tensor(table, device: device).view(owned.Count, most).DetachFromDisposeScope();
        _mask = tensor(mask, device: device).view(owned.Count, most).DetachFromDisposeScope();
        _counts = _mask.sum(1).clamp_min(Scalars.One).DetachFromDisposeScope();
    }

    /// <summary>Names of the sources and their numbers of rows, in row order.</summary>
    public IReadOnlyList<(string Name, long Size)> Sources { get; }

    public long Count { get; }

    /// <summary>The rows of a channel are the filters that produce it; sources are names of weights.</summary>
    public static ChannelRows OfFilters(ChannelGroups groups, Device device)
    {
        var weights = Weights(groups);
        var names = weights.Select(w => w.Name).ToHashSet();
        return new(weights, [.. groups.Groups.SelectMany(g => Members(g, names))], device);
    }

    /// <summary>
    /// The rows of a channel are the batch-norm channels that scale it, or the filters that produce it if there is no
    /// batch-norm. Sources are names of scales, then of weights.
    /// </summary>
    public static ChannelRows OfNorms(ChannelGroups groups, Device device)
    {
        var norms = groups.Definition.Layers.OfType<BatchNormLayer>()
            .Select(n => (Name: n.Scale, Size: (long)n.Channels))
            .ToList();
        var weights = Weights(groups);
        var (scales, names) = (norms.Select(n => n.Name).ToHashSet(), weights.Select(w => w.Name).ToHashSet());
        return new(
            [.. norms, .. weights],
            [
                .. groups.Groups.SelectMany(g =>
                    Members(g, scales).Zip(Members(g, names), (n, w) => n.Count > 0 ? n : w)),
            ],
            device);
    }

    /// <summary>
    /// The rows of a channel are the outputs of the layers that produce it; sources are names of layers.
    /// </summary>
    public static ChannelRows OfOutputs(ChannelGroups groups, Device device)
    {
        var first = groups.Groups.Select(g => g.Width)
            .Aggregate(new List<int> { 0 }, (starts, width) => [.. starts, starts[^1] + width]);
        var owned = Array.ConvertAll(new int[first[^1]], _ => new List<(string, long)>());
        foreach (var (layer, channels) in groups.Flow.Produced)
        {
            for (var i = 0; i < channels.Length; i++)
            {
                if (groups.GroupOf(channels[i]) is var group and >= 0)
                    owned[first[group] + groups.PositionOf(channels[i])].Add((layer, i));
            }
        }
        return new([.. groups.Flow.Produced.Select(p => (p.Layer, (long)p.Channels.Length))], owned, device);
    }

    /// <summary>Reduces scores of rows to scores of channels.</summary>
    /// <param name="rows">[rows].</param>
    /// <returns>[channels], group after group, in the caller's dispose scope.</returns>
    public Tensor Reduce(Tensor rows, GroupReduction reduction)
    {
        using var scope = NewDisposeScope();
        var scores = rows.index_select(0, _table.view(-1)).view(_table.shape);
        var reduced = reduction switch
        {
            GroupReduction.Max => scores.amax([1L]), // the padding of the table repeats the channel's first row
            GroupReduction.Mean => scores.mul(_mask.to(rows.dtype)).sum(1).div_(_counts),
            _ => scores.mul(_mask.to(rows.dtype)).sum(1),
        };
        return reduced.MoveToOuterDisposeScope();
    }

    /// <summary>Sums of a tensor [rows, ...] over all dimensions but the first, [rows].</summary>
    public static Tensor Sums(Tensor values) =>
        values.dim() == 1 ? values : values.sum([.. Enumerable.Range(1, (int)values.dim() - 1).Select(d => (long)d)]);

    public void Dispose()
    {
        _table.Dispose();
        _mask.Dispose();
        _counts.Dispose();
    }

    private static List<(string Name, long Size)> Weights(ChannelGroups groups) =>
        [.. groups.Definition.Parameters.Where(p => p.Role == ParameterRole.Weight).Select(p => (p.Name, p.Shape[0]))];

    /// <summary>Rows of the sources for each channel of a group.</summary>
    private static List<(string Source, long Row)>[] Members(ChannelGroup group, HashSet<string> sources)
    {
        var rows = Array.ConvertAll(new int[group.Width], _ => new List<(string, long)>());
        foreach (var member in group.Members.Where(m => m.Dimension == 0 && sources.Contains(m.Parameter)))
        {
            for (var i = 0; i < member.Indices.Length; i++)
                rows[member.Channels[i]].Add((member.Parameter, member.Indices[i]));
        }
        return rows;
    }
}
