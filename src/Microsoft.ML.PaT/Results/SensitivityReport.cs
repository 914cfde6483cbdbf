using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.ML.PaT.Internal;

namespace Microsoft.ML.PaT.Reporting;

/// <summary>
/// Accuracy after channels of one group are removed, group by group, without further training.
/// </summary>
public sealed record SensitivityReport
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    };

    /// <summary>Name of the network.</summary>
    public required string Network { get; init; }

    /// <summary>The importance criterion that chose the channels.</summary>
    public required string Criterion { get; init; }

    /// <summary>Number of images scored.</summary>
    public required int Images { get; init; }

    /// <summary>Accuracy of the whole network, fraction 0 to 1.</summary>
    public required double Accuracy { get; init; }

    /// <summary>The fractions of a group's channels that were removed, fractions 0 to 1, ascending.</summary>
    public required IReadOnlyList<double> Ratios { get; init; }

    /// <summary>The groups, in network order.</summary>
    public required IReadOnlyList<GroupSensitivity> Groups { get; init; }

    /// <summary>The machine it was measured on.</summary>
    public required string Machine { get; init; }

    /// <summary>Writes the report as JSON; an existing file is replaced at once.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    [RequiresUnreferencedCode(Untrimmed.Reason)]
    public void WriteJson(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        AtomicFile.Write(path, file => JsonSerializer.Serialize(file, this, s_json));
    }
}
