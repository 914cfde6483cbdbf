using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.PaT.Internal;

namespace Microsoft.ML.PaT.Serving;

/// <summary>
/// JSON of an archive's entries. It is generated at build time, so that trimmed applications read it.
/// </summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    WriteIndented = true,
    MaxDepth = 16,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(CamelCaseEnumConverter<ImageResizing>)])]
[JsonSerializable(typeof(ArchiveManifest))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(Normalization))]
internal sealed partial class ArchiveJson : JsonSerializerContext;
