using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.PaT.Pruning.Scoring;

/// <summary>Writes a criterion as its name. Only criteria of the library can be read.</summary>
internal sealed class ImportanceJson : JsonConverter<Importance>
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsAssignableTo(typeof(Importance));

    public override Importance Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException("A criterion is a name, such as \"taylor\".");
        try
        {
            return Importance.ByName(reader.GetString()!);
        }
        catch (InvalidOptionsException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    public override void Write(Utf8JsonWriter writer, Importance value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Name);
}
