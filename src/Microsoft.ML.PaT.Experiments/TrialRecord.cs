using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.PaT.Experiments;

/// <summary>
/// Content of a trial's <c>trial.json</c>, which is replaced atomically after each comparison and at the end.
/// </summary>
internal sealed record TrialRecord
{
    private const string FileName = "trial.json";

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    /// <summary>States in which the trial was paused.</summary>
    public IReadOnlyList<Milestone> Paused { get; init; } = [];

    /// <summary>Null until the trial has finished.</summary>
    public Milestone? Finished { get; init; }

    /// <summary>Error of the last attempt, for information: the trial is tried again.</summary>
    public string? Error { get; init; }

    /// <summary>A state of a trial.</summary>
    /// <param name="Epochs">Epochs trained.</param>
    /// <param name="Accuracy">Validation accuracy, 0 to 1.</param>
    /// <param name="Seconds">Training time in seconds.</param>
    public sealed record Milestone(int Epochs, double Accuracy, double Seconds)
    {
        /// <summary>Median milliseconds per batch; null unless finished.</summary>
        public double? LatencyMs { get; init; }

        /// <summary>Per image; null unless finished.</summary>
        public long? Macs { get; init; }

        /// <summary>Null unless finished.</summary>
        public long? Parameters { get; init; }
    }

    /// <summary>Returns an empty record if the file is missing or damaged, so that the trial runs again.</summary>
    public static TrialRecord Read(string folder)
    {
        try
        {
            using var file = File.OpenRead(Path.Combine(folder, FileName));
            return JsonSerializer.Deserialize<TrialRecord>(file, s_json) ?? new();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return new();
        }
    }

    /// <summary>Replaces the file atomically.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(string folder) =>
        AtomicFile.Write(Path.Combine(folder, FileName), file => JsonSerializer.Serialize(file, this, s_json));
}
