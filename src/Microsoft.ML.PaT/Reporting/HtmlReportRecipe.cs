using System.Text.Json.Nodes;
using static Microsoft.ML.PaT.Shared.DisplayText;

namespace Microsoft.ML.PaT.Reporting;

/// <summary>Texts about the recipe of a run. Only options that had an effect are named.</summary>
internal sealed class HtmlReportRecipe(RunReport report)
{
    private readonly JsonNode? _recipe = JsonNode.Parse(report.Recipe);

    private JsonNode? Pruning => _recipe?["pruning"];

    /// <summary>Classes, policy, what was removed, seed and machine in one line.</summary>
    public string Subtitle => string.Join(
        " · ",
        [
            $"{report.Classes.Count} classes", $"policy {Policy}", .. Removed, $"seed {_recipe?["seed"]}",
            report.Machine,
        ]);

    /// <summary>Heading of the latencies in <see cref="ModelReport"/>.</summary>
    public string Latency =>
        (int?)Pruning?["latencyBatch"] is { } batch and not 1
            ? $"Latency, {Count(batch)} images"
            : "Latency, one image";

    /// <summary>Name of the policy; its text if it is defined in code.</summary>
    public string Policy => $"{(Pruning?["policy"] is JsonObject p ? p["kind"] ?? p["code"] : Pruning?["policy"])}";

    /// <summary>A setting of the policy; null for the default, which the recipe leaves out.</summary>
    public double? PolicySetting(string name) => (double?)(Pruning?["policy"] as JsonObject)?[name];

    private string[] Removed
    {
        get
        {
            if (Policy == "never") return [];
            if (Pruning?["plan"] is not null) return ["channels of a given plan"];
            var target = (Pruning?["target"] as JsonObject)?.Select(t => $"{Percent((double)t.Value!)} of the {t.Key}");
            return
            [
                $"criterion {Pruning?["criterion"]}",
                Pruning?["widths"] is not null ? "given widths" : $"target {target?.FirstOrDefault()}",
            ];
        }
    }
}
