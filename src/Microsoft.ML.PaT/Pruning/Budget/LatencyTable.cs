using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Training;

namespace Microsoft.ML.PaT.Pruning.Budget;

/// <summary>
/// Milliseconds of layers as a function of their widths: measured at a quarter, a half, three quarters and all of the
/// channels of their inputs and outputs, bilinear between. The time never decreases with the width, even if a single
/// measurement does.
/// </summary>
internal sealed class LatencyTable
{
    private const int Parts = 4;

    private readonly Dictionary<string, (IReadOnlyList<string> Values, Func<int[], double> Milliseconds)> _layers;

    /// <summary>Measures a network layer by layer.</summary>
    /// <param name="layers">The layers to measure; the others take no time.</param>
    /// <param name="milliseconds">Measures a layer with inputs of these shapes.</param>
    public LatencyTable(
        ChannelGroups groups,
        IEnumerable<Layer> layers,
        int step,
        Func<Layer, IReadOnlyList<ImageShape>, double> milliseconds)
    {
        var network = groups.Definition;
        _layers = [];
        foreach (var layer in layers)
        {
            HashSet<int> input = GroupsOf(layer.Inputs[0]), output = GroupsOf(layer.Name);
            // A layer whose outputs are its inputs has one width.
            var values =
                input.SetEquals(output) || groups.Flow.Produced.All(p => p.Layer != layer.Name)
                    ? [layer.Name]
                    : new[] { layer.Inputs[0], layer.Name };
            var grid = new LatencyGrid(
                [.. values.Select(v => Widths(v, v == layer.Name ? [] : output))],
                Measure(layer, values.Length, input, output));
            _layers[layer.Name] = (values, grid.At);
        }

        HashSet<int> GroupsOf(string value) =>
            [.. groups.Flow.Channels(value).Select(groups.GroupOf).Where(g => g >= 0)];

        // Widths at each part of a value that groups other than the given ones determine.
        int[] Widths(string value, HashSet<int> elsewhere) =>
        [
            .. from part in Enumerable.Range(1, Parts)
               select groups.Flow.Channels(value).Count(c => elsewhere.Contains(groups.GroupOf(c)) || Stays(c, part)),
        ];

        bool Stays(int channel, int part) =>
            groups.GroupOf(channel) is var g
            && (g < 0 || groups.PositionOf(channel) < Kept(groups.Groups[g], part, step));

        Func<int[], double> Measure(Layer layer, int dimensions, HashSet<int> input, HashSet<int> output) => parts =>
        {
            bool[] Mask(string value) =>
                Array.ConvertAll(groups.Flow.Channels(value), c =>
                    Stays(c, dimensions == 1 || output.Contains(groups.GroupOf(c)) ? parts[^1] : parts[0]));
            var masks = layer.Inputs.Select(Mask).ToList();
            var narrow = layer.Narrow(masks, Mask(layer.Name));
            var shapes = layer.Inputs.Select((value, i) =>
                network.OutputShape(value) with { Channels = masks[i].Count(stays => stays) });
            return milliseconds(narrow, [.. shapes]);
        };
    }

    private LatencyTable(LatencyTable other, double exponent) => (_layers, Exponent) = (other._layers, exponent);

    /// <summary>
    /// The predicted fraction of the time of the network is that of the sum of the layers, raised to this power.
    /// </summary>
    public double Exponent { get; } = 1;

    /// <summary>For each layer, the values whose widths determine its time, and the time.</summary>
    public IEnumerable<(IReadOnlyList<string> Values, Func<int[], double> Milliseconds)> Layers => _layers.Values;

    /// <summary>Measures on a device.</summary>
    /// <param name="timer">Measures a layer.</param>
    public static LatencyTable Measure(ChannelGroups groups, int step, ILayerTimer timer, MeasurementCache cache)
    {
        var table = new LatencyTable(groups, timer.Layers(groups.Definition), step, (layer, inputs) =>
            cache.Get($"{timer.Conditions}, {layer with { Name = "", Inputs = [] }} {string.Join(' ', inputs)}", () =>
                timer.Milliseconds(layer, inputs)));
        cache.Save();
        return table;
    }

    public LatencyTable With(double exponent) => new(this, exponent);

    private static int Kept(ChannelGroup group, int part, int step)
    {
        var chunk = group.Step(step);
        return Math.Min(
            group.Width, Math.Max(chunk, (int)Math.Round((double)group.Width * part / Parts / chunk) * chunk));
    }
}
