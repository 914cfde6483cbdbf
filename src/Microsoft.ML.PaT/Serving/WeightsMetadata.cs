using System.Text.Json;

namespace Microsoft.ML.PaT.Serving;

/// <summary>The normalization of the images in the metadata of a safetensors file.</summary>
internal static class WeightsMetadata
{
    private const string Key = "pat.normalization";

    public static Dictionary<string, string> Of(Normalization normalization) => new()
    {
        // The transformers library of Python reads files with this entry only.
        ["format"] = "pt",
        [Key] = JsonSerializer.Serialize(normalization, ArchiveJson.Default.Normalization),
    };

    /// <returns>Null if the file has no normalization.</returns>
    /// <exception cref="InvalidFileException">The entry cannot be read.</exception>
    public static Normalization? Normalization(IReadOnlyDictionary<string, string> metadata, string path)
    {
        if (!metadata.TryGetValue(Key, out var text)) return null;
        try
        {
            var read = JsonSerializer.Deserialize(text, ArchiveJson.Default.Normalization);
            if (read is { Mean.Count: > 0 } && read.StandardDeviation?.Count == read.Mean.Count
                && read.Mean.All(float.IsFinite) && read.StandardDeviation.All(s => float.IsFinite(s) && s > 0))
            {
                return read;
            }
        }
        catch (JsonException)
        {
            // Reported below.
        }
        throw new InvalidFileException(
            ErrorCodes.WeightsInvalid,
            $"The metadata '{Key}' of {path} must be a mean and a standard deviation for each channel, such as "
                + $$"""{"mean":[0.5],"standardDeviation":[0.5]}""" + $", and is {text}.");
    }
}
