using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.PaT.Internal;
using Microsoft.ML.PaT.Modeling.OnnxImport;

namespace Microsoft.ML.PaT.Experiments;

/// <summary>What the folder of a trial knows of it: <c>trial.json</c>, replaced as a whole after each comparison and at the end.</summary>
internal sealed record TrialRecord
{
    private const string FileName = "trial.json";

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, RespectNullableAnnotations = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>What the search chose.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    /// <summary>Where it paused.</summary>
    public IReadOnlyList<Milestone> Paused { get; init; } = [];

    /// <summary>What it gave; null until it is finished.</summary>
    public Milestone? Finished { get; init; }

    /// <summary>Why the last attempt failed; for people: it is tried again.</summary>
    public string? Error { get; init; }

    /// <summary>A moment of a trial.</summary>
    /// <param name="Epochs">Epochs trained.</param>
    /// <param name="Accuracy">Validation accuracy, fraction 0 to 1.</param>
    /// <param name="Seconds">Seconds of its runs.</param>
    public sealed record Milestone(int Epochs, double Accuracy, double Seconds)
    {
        /// <summary>Measured milliseconds; null unless finished.</summary>
        public double? LatencyMs { get; init; }

        /// <summary>Multiply-accumulates; null unless finished.</summary>
        public long? Macs { get; init; }

        /// <summary>Trainable parameters; null unless finished.</summary>
        public long? Parameters { get; init; }
    }

    /// <summary>The record of a folder; an empty one where there is none, or where it is damaged: then the trial runs again.</summary>
    public static TrialRecord Read(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize<TrialRecord>(SmallFile.Read(Path.Combine(folder, FileName), 1 << 20), s_json) ?? new();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or PaTException)
        {
            return new();
        }
    }

    /// <summary>Replaces the record of a folder.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(string folder) => AtomicFile.Write(Path.Combine(folder, FileName), file => JsonSerializer.Serialize(file, this, s_json));
}
