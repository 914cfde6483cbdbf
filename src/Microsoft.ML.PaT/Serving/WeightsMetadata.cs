using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Microsoft.ML.PaT.Serving;

/// <summary>What the metadata of a safetensors file says of its network: normalization and classes.</summary>
internal static class WeightsMetadata
{
    private const string NormalizationKey = "pat.normalization", ClassesKey = "pat.classes";

    public static Dictionary<string, string> Of(Normalization normalization, IReadOnlyList<string> classes) => new()
    {
        // The transformers library of Python reads files with this entry only.
        ["format"] = "pt",
        [NormalizationKey] = JsonSerializer.Serialize(normalization, ArchiveJson.Default.Normalization),
        [ClassesKey] = JsonSerializer.Serialize(classes, ArchiveJson.Default.IReadOnlyListString),
    };

    /// <returns>Null if the file has no normalization.</returns>
    /// <exception cref="InvalidFileException">The entry cannot be read.</exception>
    public static Normalization? Normalization(IReadOnlyDictionary<string, string> metadata, string path) => Read(
        metadata, path, NormalizationKey, ArchiveJson.Default.Normalization,
        read => read is { Mean.Count: > 0 } && read.StandardDeviation?.Count == read.Mean.Count
            && read.Mean.All(float.IsFinite) && read.StandardDeviation.All(s => float.IsFinite(s) && s > 0),
        """a mean and a standard deviation for each channel, such as {"mean":[0.5],"standardDeviation":[0.5]}""");

    /// <summary>Names of the classes in the order of the outputs.</summary>
    /// <returns>Null if the file has no names.</returns>
    /// <exception cref="InvalidFileException">The entry cannot be read.</exception>
    public static IReadOnlyList<string>? Classes(IReadOnlyDictionary<string, string> metadata, string path) => Read(
        metadata, path, ClassesKey, ArchiveJson.Default.IReadOnlyListString, read => read.All(name => name is not null),
        """the names of the classes, such as ["cat","dog"]""");

    private static T? Read<T>(
        IReadOnlyDictionary<string, string> metadata, string path, string key, JsonTypeInfo<T> type,
        Func<T, bool> isValid, string expected)
        where T : class
    {
        if (!metadata.TryGetValue(key, out var text)) return null;
        try
        {
            if (JsonSerializer.Deserialize(text, type) is { } read && isValid(read)) return read;
        }
        catch (JsonException)
        {
            // Reported below.
        }
        throw new InvalidFileException(
            ErrorCodes.WeightsInvalid, $"The metadata '{key}' of {path} must be {expected}, and is {text}.");
    }
}
