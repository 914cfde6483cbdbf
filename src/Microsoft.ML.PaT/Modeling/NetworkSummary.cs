using System.Text.Encodings.Web;
using System.Text.Json;

namespace Microsoft.ML.PaT.Modeling;

/// <summary>Summary of a network with the cost of each layer.</summary>
/// <param name="Macs">Multiply-accumulates per image of convolutions, linear layers and attention.</param>
/// <param name="Layers">The layers in order of computation.</param>
internal sealed record NetworkSummary(string Network, long Parameters, long Macs, IReadOnlyList<LayerSummary> Layers)
{
    private static readonly NetworkJson s_json =
        new(new(NetworkJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static NetworkSummary Of(NetworkDefinition definition)
    {
        var cost = NetworkCost.Of(definition);
        var steps = NormGroup.Of(definition)
            .SelectMany(g => g.Layers.Select(layer => (layer.Name, g.Last.Name)))
            .ToDictionary();
        return new(
            definition.Name,
            cost.Parameters,
            cost.Macs,
            [
                .. definition.Layers.Select(layer =>
                    LayerSummary.Of(layer, definition, steps.GetValueOrDefault(layer.Name))),
            ]);
    }

    /// <summary>One line with camel-case names.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, s_json.NetworkSummary);
}
