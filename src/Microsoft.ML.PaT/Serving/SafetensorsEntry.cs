using System.Text.Json.Serialization;

namespace Microsoft.ML.PaT.Serving;

/// <summary>Header entry of a tensor in a safetensors file.</summary>
/// <param name="DataOffsets">First byte and the byte after the last, counted from the end of the header.</param>
internal sealed record SafetensorsEntry(
    [property: JsonPropertyName("dtype")] string DType,
    [property: JsonPropertyName("shape")] long[] Shape,
    [property: JsonPropertyName("data_offsets")] long[] DataOffsets);
