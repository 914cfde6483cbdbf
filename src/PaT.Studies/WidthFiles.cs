using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.ML.PaT.Internal;

namespace PaT.Studies;

/// <summary>Widths as files of the workspace, named by their content: an argument that names one says what is in it.</summary>
/// <param name="workspace">The folder of the study.</param>
public sealed class WidthFiles(string workspace)
{
    /// <summary>The argument for widths; the file is written when it is not there.</summary>
    /// <param name="widths">Channels kept, by layer.</param>
    public string ArgumentOf(IReadOnlyDictionary<string, int> widths)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(new SortedDictionary<string, int>(widths.ToDictionary(), StringComparer.Ordinal));
        var name = $"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}.json";
        var folder = Path.Combine(workspace, "widths");
        if (!File.Exists(Path.Combine(folder, name)))
        {
            Directory.CreateDirectory(folder);
            AtomicFile.Write(Path.Combine(folder, name), file => file.Write(content));
        }

        return $"{Cell.Reference}widths/{name}";
    }
}
