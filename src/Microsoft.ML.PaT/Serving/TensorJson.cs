using System.Text.Json.Serialization;

namespace Microsoft.ML.PaT.Serving;

/// <summary>
/// JSON of safetensors headers and ONNX metadata. It is generated at build time, so that trimmed applications read it.
/// </summary>
[JsonSerializable(typeof(SafetensorsEntry))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(IReadOnlyList<float>))]
internal sealed partial class TensorJson : JsonSerializerContext;
