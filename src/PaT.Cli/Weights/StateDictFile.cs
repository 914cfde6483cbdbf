using System.Collections;
using System.IO.Compression;
using System.Security.Cryptography;
using TorchSharp;
using TorchSharp.PyBridge;

namespace PaT.Cli;

/// <summary>Converts PyTorch's state dicts (<c>.pth</c>, <c>.pt</c>, <c>.bin</c>) to safetensors.</summary>
internal static class StateDictFile
{
    /// <summary>Keys of the state dict in files that contain other values too.</summary>
    private static readonly string[] s_wrappers = ["state_dict", "model_state_dict", "model"];

    private static readonly string[] s_extensions = [".pth", ".pt", ".bin"];

    /// <summary>Whether a file is a zip as <c>torch.save</c> writes it since PyTorch 1.6.</summary>
    /// <exception cref="InvalidInputFileException">The file is a truncated or damaged zip with the name of a state
    /// dict.</exception>
    public static bool Is(string path)
    {
        try
        {
            using var zip = ZipFile.OpenRead(path);
            return zip.Entries.Any(e => e.FullName.EndsWith("/data.pkl", StringComparison.Ordinal));
        }
        catch (InvalidDataException e) when (s_extensions.Contains(Path.GetExtension(path)) && StartsAsZip(path))
        {
            throw Invalid(path, "is truncated or damaged", e);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return false; // the library reports the problem
        }
    }

    /// <summary>Writes the floating-point tensors of a state dict, unless an earlier call did.</summary>
    /// <param name="folder">Folder for the result, whose name has the checksum of the content.</param>
    /// <param name="say">Receives a line about what was read.</param>
    /// <returns>The safetensors file.</returns>
    /// <exception cref="InvalidInputFileException">The file is damaged or has no state dict.</exception>
    public static string ToSafetensors(string path, string folder, Action<string> say)
    {
        using var file = File.OpenRead(path);
        var name = Path.GetFileNameWithoutExtension(path);
        var digits = Convert.ToHexStringLower(SHA256.HashData(file))[..8];
        if (!name.EndsWith(digits, StringComparison.Ordinal)) name += $"-{digits}";
        var target = Path.Combine(folder, name + ".safetensors");
        if (File.Exists(target)) return target;
        file.Position = 0;
        using var scope = torch.NewDisposeScope();
        var (tensors, wrapper) = Tensors(path, Unpickle(path, file));
        Directory.CreateDirectory(folder);
        AtomicFile.Write(target, stream => Safetensors.SaveStateDict(stream, tensors, leaveOpen: true));
        var below = wrapper is null ? "" : $" below '{wrapper}'";
        say($"weights: {tensors.Count} tensors{below} in {path}, kept as {target}");
        return target;
    }

    private static bool StartsAsZip(string path)
    {
        using var file = File.OpenRead(path);
        return file.ReadByte() == 'P' && file.ReadByte() == 'K';
    }

    private static Hashtable Unpickle(string path, Stream file)
    {
        try
        {
            return PyTorchUnpickler.UnpickleStateDict(file, leaveOpen: true, skipTensorRead: false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The messages of the unpickler name its own types, or the stack frames of libtorch.
            throw Invalid(path, "cannot be read, or has other objects than tensors", e);
        }
    }

    private static (Dictionary<string, torch.Tensor> Tensors, string? Wrapper) Tensors(string path, Hashtable content)
    {
        var wrapper = s_wrappers.FirstOrDefault(w => content[w] is Hashtable);
        var tensors = new Dictionary<string, torch.Tensor>();
        foreach (DictionaryEntry entry in wrapper is null ? content : (Hashtable)content[wrapper]!)
        {
            if (entry is { Key: string name, Value: torch.Tensor tensor } && tensor.is_floating_point())
                tensors[name] = tensor.contiguous();
        }
        return tensors.Count > 0
            ? (tensors, wrapper)
            : throw Invalid(path, $"has no tensors ({string.Join(", ", content.Keys.Cast<object>().Take(5))})", null);
    }

    private static InvalidInputFileException Invalid(string path, string what, Exception? cause) => new(
        $"{path} {what}. Expected was a state dict of whole, contiguous tensors. In Python: "
            + "torch.save({k: v.clone().contiguous() for k, v in model.state_dict().items()}, \"weights.pth\").",
        cause);
}
