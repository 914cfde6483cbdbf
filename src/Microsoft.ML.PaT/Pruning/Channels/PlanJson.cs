using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.PaT.Pruning.Channels;

/// <summary>JSON of pruning plans, generated at build time.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    NumberHandling = JsonNumberHandling.Strict,
    MaxDepth = 8)]
[JsonSerializable(typeof(PruningPlanFile))]
internal sealed partial class PlanJson : JsonSerializerContext;
