using Microsoft.ML.PaT.Modeling;

namespace Microsoft.ML.PaT.Pruning.Budget;

/// <summary>
/// Cost of a network as a function of the channels that its groups keep, exact for any selection. It is the sum of a
/// cost per channel and of terms that depend on several widths, such as inputs times outputs of a convolution. Removing
/// channels updates only the terms that contain them, so a whole plan takes milliseconds.
/// </summary>
internal sealed class WidthCost
{
    private readonly double[][] _linear;
    private readonly List<WidthCostMeter.Term> _terms = [];
    private readonly List<WidthCostMeter.Use>[] _uses;

    private WidthCost(ChannelGroups groups)
    {
        Groups = groups;
        _linear = [.. groups.Groups.Select(g => new double[g.Width])];
        _uses = [.. groups.Groups.Select(_ => new List<WidthCostMeter.Use>())];
    }

    public ChannelGroups Groups { get; }

    /// <summary>Cost of the unpruned network.</summary>
    public double Full { get; private set; }

    public static WidthCost Of(PruningTargetKind kind, ChannelGroups groups) => kind switch
    {
        PruningTargetKind.Channels => Channels(groups),
        PruningTargetKind.Macs => Macs(groups),
        _ => Parameters(groups),
    };

    /// <summary>Milliseconds of a network by the table of the network from which it was pruned.</summary>
    public static WidthCost Of(LatencyTable table, ChannelGroups groups)
    {
        var cost = new WidthCost(groups);
        foreach (var (values, milliseconds) in table.Layers)
        {
            var dimensions = values.Select(groups.Flow.Channels).ToList();
            cost.Full += milliseconds([.. dimensions.Select(d => d.Length)]);
            cost.AddTerm(dimensions, milliseconds);
        }
        return cost;
    }

    public WidthCostMeter Start() => new(Full, _linear, _terms, _uses);

    private static WidthCost Channels(ChannelGroups groups)
    {
        var cost = new WidthCost(groups) { Full = groups.Neurons };
        for (var g = 0; g < groups.Groups.Count; g++) Array.Fill(cost._linear[g], groups.Groups[g].Multiplicity);
        return cost;
    }

    private static WidthCost Parameters(ChannelGroups groups)
    {
        var cost = new WidthCost(groups);
        var dimensions = Dimensions(groups);
        foreach (var spec in groups.Definition.Parameters.Where(p => p.Trainable))
            cost.AddProduct(spec.Count, dimensions[spec.Name]);
        return cost;
    }

    /// <summary>
    /// A weight is multiplied once per output pixel; the other products of attention are proportional to its outputs.
    /// </summary>
    private static WidthCost Macs(ChannelGroups groups)
    {
        var cost = new WidthCost(groups);
        var dimensions = Dimensions(groups);
        foreach (var layer in groups.Definition.Layers)
        {
            var output = groups.Definition.OutputShape(layer.Name);
            double rest = layer.MultiplyAccumulates(output);
            if (rest == 0) continue;
            foreach (var weight in layer.Parameters.Where(p => p.Role == ParameterRole.Weight))
            {
                var macs = (double)weight.Count * output.Height * output.Width;
                cost.AddProduct(macs, dimensions[weight.Name]);
                rest -= macs;
            }
            if (rest != 0) cost.AddProduct(rest, [groups.Flow.Channels(layer.Name)]);
        }
        return cost;
    }

    /// <summary>Channels along the dimensions of every tensor.</summary>
    private static ILookup<string, int[]> Dimensions(ChannelGroups groups) =>
        groups.Flow.Owned.ToLookup(o => o.Parameter, o => o.Channels);

    /// <summary>Adds a cost that is proportional to each of several widths.</summary>
    private void AddProduct(double full, IEnumerable<int[]> dimensions)
    {
        Full += full;
        var prunable = dimensions.Where(d => Array.Exists(d, c => Groups.GroupOf(c) >= 0)).ToList();
        if (prunable.Count == 1)
        {
            var each = full / prunable[0].Length;
            foreach (var channel in prunable[0])
            {
                if (Groups.GroupOf(channel) is var group and >= 0) _linear[group][Groups.PositionOf(channel)] += each;
            }
        }
        else if (prunable.Count > 1)
        {
            var unit = full / prunable.Aggregate(1.0, (product, d) => product * d.Length);
            AddTerm(prunable, widths =>
            {
                var product = unit;
                foreach (var width in widths) product *= width;
                return product;
            });
        }
    }

    private void AddTerm(IReadOnlyList<int[]> dimensions, Func<int[], double> value)
    {
        var term = new WidthCostMeter.Term(_terms.Count, [.. dimensions.Select(d => d.Length)], value);
        _terms.Add(term);
        var uses = new Dictionary<int, WidthCostMeter.Use>();
        for (var dimension = 0; dimension < dimensions.Count; dimension++)
        {
            foreach (var channel in dimensions[dimension])
            {
                var group = Groups.GroupOf(channel);
                if (group < 0) continue;
                if (!uses.TryGetValue(group, out var use))
                {
                    _uses[group]
                        .Add(
                            uses[group] = use =
                                new(term, [.. dimensions.Select(_ => new int[Groups.Groups[group].Width])]));
                }
                use.Counts[dimension][Groups.PositionOf(channel)]++;
            }
        }
    }
}
