using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.PaT.Internal;

namespace Microsoft.ML.PaT.Modeling;

/// <summary>
/// JSON of networks. It is generated at build time, so that trimmed applications read it.
/// </summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    MaxDepth = 16,
    Converters = [typeof(CamelCaseEnumConverter<ActivationFunction>)])]
[JsonSerializable(typeof(NetworkDocument))]
[JsonSerializable(typeof(NetworkSummary))]
internal sealed partial class NetworkJson : JsonSerializerContext;
