using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.PaT.Data;

namespace Microsoft.ML.PaT.Pipeline;

/// <summary>Content of a saved chain's text column: the image format and the native archive.</summary>
/// <param name="Format">Format of the image column in training.</param>
/// <param name="Archive">The archive, base64 in the text.</param>
/// <remarks>
/// Text, because ML.NET passes text values by reference; it would copy a vector of bytes for every row.
/// </remarks>
internal sealed record SavedModel(ImageColumnFormat Format, byte[] Archive)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        MaxDepth = 16,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    public string ToText() => JsonSerializer.Serialize(this, s_json);

    /// <exception cref="InvalidFileException">The text is damaged.</exception>
    public static SavedModel Parse(ReadOnlySpan<char> text)
    {
        try
        {
            return JsonSerializer.Deserialize<SavedModel>(text, s_json)
                ?? throw new InvalidFileException(
                    ErrorCodes.ModelFileInvalid, "The model inside the ML.NET model file is empty.");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new InvalidFileException(
                ErrorCodes.ModelFileInvalid,
                $"The model inside the ML.NET model file is damaged: {JsonText.Describe(e)}",
                e);
        }
    }
}
