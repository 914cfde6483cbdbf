using System.Text.Json;
using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Serving;

namespace Microsoft.ML.PaT.Pipeline;

/// <summary>What a saved chain carries in its text column: how to read images, and the native archive.</summary>
/// <param name="Format">What the image column held in training.</param>
/// <param name="Archive">The archive; base 64 in the text.</param>
/// <remarks>
/// Text, because ML.NET hands a text value on by reference; a vector of bytes it would copy for every row, and a large model with it.
/// </remarks>
internal sealed record SavedModel(ImageColumnFormat Format, byte[] Archive)
{
    private static readonly JsonSerializerOptions s_json = new(ArchiveManifest.Json) { WriteIndented = false };

    /// <summary>Writes the text.</summary>
    public string ToText() => JsonSerializer.Serialize(this, s_json);

    /// <summary>Reads the text.</summary>
    /// <exception cref="InvalidFileException">It is damaged.</exception>
    public static SavedModel Parse(ReadOnlySpan<char> text)
    {
        try
        {
            return JsonSerializer.Deserialize<SavedModel>(text, s_json) ?? throw new InvalidFileException(ErrorCodes.ModelFileInvalid, "The model inside the ML.NET model file is empty.");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new InvalidFileException(ErrorCodes.ModelFileInvalid, $"The model inside the ML.NET model file is damaged: {e.Message}", e);
        }
    }
}
