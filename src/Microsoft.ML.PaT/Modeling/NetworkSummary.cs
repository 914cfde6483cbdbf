using System.Text.Encodings.Web;
using System.Text.Json;

namespace Microsoft.ML.PaT.Modeling;

/// <summary>A network layer by layer, with what each costs: what <c>pat info</c> prints.</summary>
/// <param name="Network">Its name.</param>
/// <param name="Parameters">Trainable parameters.</param>
/// <param name="Macs">Multiply-accumulates of convolutions, linear layers and attention for one image.</param>
/// <param name="Layers">Its layers in the order they compute.</param>
public sealed record NetworkSummary(string Network, long Parameters, long Macs, IReadOnlyList<LayerSummary> Layers)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Sums up a definition.</summary>
    public static NetworkSummary Of(NetworkDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var cost = NetworkCost.Of(definition);
        var steps = NormGroup.Of(definition).SelectMany(g => g.Layers.Select(layer => (layer.Name, g.Last.Name))).ToDictionary();
        return new(definition.Name, cost.Parameters, cost.Macs,
            [.. definition.Layers.Select(layer => LayerSummary.Of(layer, definition, steps.GetValueOrDefault(layer.Name)))]);
    }

    /// <summary>The summary as one line of JSON, names in camel case.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, s_json);
}
