using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PaT.Studies;

/// <summary>
/// One run of a study: a <c>pat train</c> command line. What it is follows from its arguments and its images alone, so two studies that ask
/// for the same run share it.
/// </summary>
public sealed record Cell
{
    /// <summary>Stands before a path below the workspace in an argument, so that the workspace can move: <c>@cells/ID/model.pat</c>.</summary>
    public const char Reference = '@';

    private const string OfCell = "@cells/";

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = false, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Describes a run.</summary>
    /// <param name="data">Fingerprint of the images.</param>
    /// <param name="arguments">Arguments of <c>train</c> by name; the value of a switch is empty.</param>
    /// <param name="factors">What varies within the study, for tables: they do not change what the run is.</param>
    public Cell(string data, IReadOnlyDictionary<string, string> arguments, params IReadOnlyList<(string Name, string Value)> factors)
    {
        (Data, Arguments, Factors) = (data, arguments, factors);
        Canonical = JsonSerializer.Serialize(
            new SortedDictionary<string, object>(StringComparer.Ordinal) { ["arguments"] = new SortedDictionary<string, string>(arguments.ToDictionary(), StringComparer.Ordinal), ["data"] = data }, Json);
        Id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Canonical)))[..16];
    }

    /// <summary>Fingerprint of the images.</summary>
    public string Data { get; }

    /// <summary>Arguments of <c>train</c> by name.</summary>
    public IReadOnlyDictionary<string, string> Arguments { get; }

    /// <summary>What varies within the study.</summary>
    public IReadOnlyList<(string Name, string Value)> Factors { get; }

    /// <summary>The options as JSON with sorted names: what the id is the hash of.</summary>
    public string Canonical { get; }

    /// <summary>The name of its folder: 16 hexadecimal digits.</summary>
    public string Id { get; }

    /// <summary>Its name for people.</summary>
    public string Name => string.Join(", ", Factors.Select(f => f.Name is "method" ? f.Value : $"{f.Name} {f.Value}"));

    /// <summary>The value of a factor; empty where it has none.</summary>
    /// <param name="name">The factor.</param>
    public string Factor(string name) => Factors.FirstOrDefault(f => f.Name == name).Value ?? "";

    /// <summary>The ids of the cells whose files it reads.</summary>
    public IEnumerable<string> Needs => Arguments.Values.Where(v => v.StartsWith(OfCell, StringComparison.Ordinal)).Select(v => v[OfCell.Length..].Split('/')[0]);

    /// <summary>A file of this cell, as an argument of another.</summary>
    /// <param name="file">Its path below the cell's folder.</param>
    public string File(string file) => $"{OfCell}{Id}/{file}";

    /// <summary>
    /// Arguments of a run that begins as this dense one and cuts after some epochs. Dense epochs are the same whatever is cut later, so they are taken from here, up
    /// to the last one: scores are gathered in that.
    /// </summary>
    /// <param name="epochs">Epochs before the cut.</param>
    public (string Name, string Value)[] Prefix(int epochs) =>
        epochs < 2 ? [] : [("--start-from", File($"checkpoints/{Path.GetFileName(CheckpointOptions.PathAfter("checkpoints", epochs - 1))}"))];

    /// <summary>Two cells are equal when they are the same run.</summary>
    /// <param name="other">The other one.</param>
    public bool Equals(Cell? other) => other?.Id == Id;

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode(StringComparison.Ordinal);
}
