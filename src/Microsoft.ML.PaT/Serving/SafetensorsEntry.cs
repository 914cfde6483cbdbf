using System.Text.Json.Serialization;

namespace Microsoft.ML.PaT.Serving;

/// <summary>What the header of a safetensors file says about one tensor.</summary>
/// <param name="DType">Name of its element type.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="DataOffsets">First byte and the one after the last, counted from the end of the header.</param>
internal sealed record SafetensorsEntry(
    [property: JsonPropertyName("dtype")] string DType,
    [property: JsonPropertyName("shape")] long[] Shape,
    [property: JsonPropertyName("data_offsets")] long[] DataOffsets);
