using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.PaT.Results;

/// <summary>Writes the decision of a policy as <c>prune</c> or <c>wait</c>.</summary>
internal sealed class PruningDecisionJson : JsonConverter<bool>
{
    private const string Prune = "prune", Wait = "wait";

    public override bool Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        (reader.TokenType == JsonTokenType.String ? reader.GetString() : null) switch
        {
            Prune => true,
            Wait => false,
            _ => throw new JsonException($"A decision is \"{Prune}\" or \"{Wait}\"."),
        };

    public override void Write(Utf8JsonWriter writer, bool value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value ? Prune : Wait);
}
