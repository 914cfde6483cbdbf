using System.Globalization;
using Microsoft.ML.PaT.Internal;

namespace Microsoft.ML.PaT.Onnx;

/// <summary>
/// Reads tensors that an ONNX model keeps in files next to it (external data). Reads each file once; tensors are slices
/// of its content.
/// </summary>
/// <param name="folder">Folder of the model; null for a model in memory, which has no such files.</param>
internal sealed class OnnxDataFiles(string? folder)
{
    private readonly Dictionary<string, byte[]> _files = [];

    /// <summary>Full paths of the files that were read, in ordinal order.</summary>
    public IEnumerable<string> Paths =>
        _files.Keys.Select(location => Path.GetFullPath(Path.Combine(folder!, location))).Order(StringComparer.Ordinal);

    /// <param name="entries">Entries of its external data: location, and perhaps offset and length, in bytes.</param>
    /// <param name="size">Size of the tensor in bytes.</param>
    /// <exception cref="InvalidFileException">The file is not in the folder of the model, does not exist, or is too
    /// short.</exception>
    public ReadOnlyMemory<byte> Read(string tensor, IReadOnlyDictionary<string, string> entries, long size)
    {
        var location = entries.GetValueOrDefault("location", "");
        if (folder is null) throw Invalid(tensor, location, "and a model in memory has no such file");
        var (offset, length) = (Number(tensor, entries, "offset", 0), Number(tensor, entries, "length", size));
        if (length != size)
            throw Invalid(tensor, location, $"where it has {length} bytes in place of {size}: the model is damaged");
        if (!_files.TryGetValue(location, out var content))
            _files[location] = content = ReadFile(tensor, location);
        return offset <= content.Length - size
            ? content.AsMemory((int)offset, (int)size)
            : throw Invalid(
                tensor,
                location,
                $"at bytes {offset} to {offset + size}, and that file has {content.Length}: "
                    + (FileSignature.Of(content) is FileSignature.LfsPointer
                        ? FileSignature.LfsPointer + "; run 'git lfs pull'"
                        : "it is truncated, or belongs to another model"));
    }

    private static long Number(
        string tensor, IReadOnlyDictionary<string, string> entries, string key, long otherwise) =>
        !entries.TryGetValue(key, out var text) ? otherwise
            : long.TryParse(text, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= int.MaxValue
                ? number
            : throw Invalid(tensor, entries.GetValueOrDefault("location", ""), $"with the {key} '{text}'");

    private byte[] ReadFile(string tensor, string location)
    {
        var root = Path.GetFullPath(folder!);
        var path = location.Contains('\0') ? root : Path.GetFullPath(Path.Combine(root, location));
        if (Path.IsPathRooted(location) || Path.GetRelativePath(root, path) is "." or ['.', '.', ..])
            throw Invalid(tensor, location, "which is not in the folder of the model");
        if (!File.Exists(path))
            throw Invalid(tensor, location, "which does not exist: keep it in the folder of the model");
        using var file = File.OpenRead(path);
        if (file.Length > Array.MaxLength) throw Invalid(tensor, location, "which has more than 2 GB");
        var content = GC.AllocateUninitializedArray<byte>((int)file.Length);
        file.ReadExactly(content);
        return content;
    }

    private static InvalidFileException Invalid(string tensor, string location, string what) =>
        new(
            ErrorCodes.OnnxFileInvalid,
            $"The ONNX model keeps tensor '{tensor}' in the file '{location}' (external data), {what}.");
}
