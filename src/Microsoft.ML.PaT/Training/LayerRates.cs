using System.Globalization;
using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Modeling;

namespace Microsoft.ML.PaT.Training;

/// <summary>
/// Factors of the learning rate by layer: <see cref="TrainingOptions.LayerRateDecay"/> and, as 0,
/// <see cref="TrainingOptions.Freeze"/>.
/// </summary>
internal sealed class LayerRates
{
    private readonly Dictionary<string, double> _factors = [];
    private readonly bool _areAllOne;

    private LayerRates(NetworkDefinition definition, TrainingOptions options)
    {
        Definition = definition;
        var depths = Depths(definition);
        var deepest = depths.Values.Max();
        var frozen = Frozen(definition, options.Freeze, depths);
        foreach (var layer in definition.Layers)
        {
            var factor = frozen.Contains(layer.Name)
                ? 0
                : Math.Pow(options.LayerRateDecay, deepest - depths[layer.Name]);
            foreach (var parameter in layer.Parameters) _factors[parameter.Name] = factor;
        }
        if (frozen.Count > 0 && !definition.Parameters.Any(p => p.Trainable && _factors[p.Name] > 0))
        {
            throw new InvalidOptionsException(
                ErrorCodes.OptionsInvalid,
                $"Training.Freeze ({string.Join(", ", options.Freeze)}) freezes all layers of '{definition.Name}', the "
                    + "classifier too, so that nothing is trained. Freeze fewer layers.");
        }
        _areAllOne = _factors.Values.All(f => f == 1);
        Freezes = frozen.Count > 0;
        FrozenNorms = definition.Layers.OfType<BatchNormLayer>()
            .Select(l => l.Name)
            .Where(name => options.FreezeBatchNorm || frozen.Contains(name))
            .ToHashSet();
    }

    public NetworkDefinition Definition { get; }

    /// <summary>Whether some layers are frozen.</summary>
    public bool Freezes { get; }

    /// <summary>Batch-norms that keep their statistics.</summary>
    public IReadOnlySet<string> FrozenNorms { get; }

    /// <exception cref="InvalidOptionsException">An item of Freeze fits no layer with weights, or all layers are
    /// frozen.</exception>
    public static LayerRates Of(NetworkDefinition definition, TrainingOptions options) => new(definition, options);

    /// <summary>The factor of a tensor.</summary>
    public double Of(string parameter) => _factors[parameter];

    /// <summary>Parts of a buffer with the same factor, in order.</summary>
    public IEnumerable<(long Start, long Count, double Factor)> Ranges(FlatParameters flat)
    {
        if (_areAllOne)
        {
            yield return (0, flat.Values.shape[0], 1);
            yield break;
        }
        var names = flat.Names.ToList();
        for (var first = 0; first < names.Count;)
        {
            var (start, factor, next) = (flat.Offset(names[first]), _factors[names[first]], first + 1);
            while (next < names.Count && _factors[names[next]] == factor) next++;
            var end = next < names.Count ? flat.Offset(names[next]) : flat.Values.shape[0];
            yield return (start, end - start, factor);
            first = next;
        }
    }

    /// <summary>Layers with weights on the longest path from the images to each layer, itself included.</summary>
    private static Dictionary<string, int> Depths(NetworkDefinition definition)
    {
        var depths = new Dictionary<string, int> { [NetworkDefinition.InputName] = 0 };
        foreach (var layer in definition.Layers)
        {
            var own = layer.Parameters.Any(p => p.Role == ParameterRole.Weight) ? 1 : 0;
            depths[layer.Name] = layer.Inputs.Max(input => depths[input]) + own;
        }
        return depths;
    }

    private static HashSet<string> Frozen(
        NetworkDefinition definition, IReadOnlyList<string> items, Dictionary<string, int> depths)
    {
        var frozen = new HashSet<string>();
        var layers = definition.Layers.Where(l => l.Parameters.Any()).Select(l => l.Name).ToList();
        foreach (var item in items)
        {
            var fitting = int.TryParse(item, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                ? layers.Where(name => depths[name] <= count)
                : layers.Where(name => NamePattern.Fits(item, name));
            var before = frozen.Count;
            frozen.UnionWith(fitting);
            if (frozen.Count > before || layers.Any(name => NamePattern.Fits(item, name))) continue;
            throw new InvalidOptionsException(
                ErrorCodes.OptionsInvalid,
                $"Training.Freeze has '{item}', and no layer of '{definition.Name}' with weights fits. There are: "
                    + $"{string.Join(", ", layers)}.");
        }
        return frozen;
    }
}
