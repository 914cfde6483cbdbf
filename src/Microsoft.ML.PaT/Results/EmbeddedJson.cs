using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace Microsoft.ML.PaT.Results;

/// <summary>Writes a text of JSON as an object within another, and reads it as indented text.</summary>
internal sealed class EmbeddedJson : JsonConverter<string>
{
    private static readonly JsonSerializerOptions s_indented = new()
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    };

    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var json = JsonDocument.ParseValue(ref reader);
        return JsonSerializer.Serialize(json.RootElement, s_indented);
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
    {
        using var json = JsonDocument.Parse(value);
        json.RootElement.WriteTo(writer);
    }
}
