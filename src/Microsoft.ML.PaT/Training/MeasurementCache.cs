using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.ML.PaT.Distributed;
using Microsoft.ML.PaT.Internal;
using Microsoft.ML.PaT.Modeling.OnnxImport;
using TorchSharp;

namespace Microsoft.ML.PaT.Training;

/// <summary>
/// Numbers that were measured on a device, kept in a file for the next run: one file for each device, library and number of threads. A file that cannot
/// be read counts as empty, one that cannot be written is left out: what was measured can be measured again.
/// </summary>
internal sealed class MeasurementCache
{
    private readonly string? _file;
    private readonly string _machine;
    private readonly Dictionary<string, double> _values;
    private bool _changed;

    /// <summary>Opens the measurements of a machine.</summary>
    /// <param name="folder">Where files are kept; null keeps nothing.</param>
    /// <param name="machine">The machine, in words: everything that a time depends on.</param>
    public MeasurementCache(string? folder, string machine)
    {
        _machine = machine;
        _file = folder is null ? null : Path.Combine(folder, $"measurements-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(machine)))[..16]}.json");
        _values = Read();
    }

    /// <summary>The measurements of a device of this machine, with the threads of now, in the user's folder.</summary>
    public static MeasurementCache Of(torch.Device device) =>
        new(UserCache.Folder, $"{MachineDescription.Of(torch.get_num_threads())}, {device}, libtorch {torch.__version__}");

    /// <summary>The measurements of rank 0, which measures while the others wait.</summary>
    /// <param name="device">Where the network trains.</param>
    /// <param name="ranks">All ranks.</param>
    /// <param name="measure">Measures all that will be needed.</param>
    public static MeasurementCache Of(torch.Device device, Communicator ranks, Action<MeasurementCache> measure)
    {
        if (ranks.Size == 1) return Of(device);
        var own = ranks.IsFirst ? Of(device) : new(folder: null, machine: "");
        var values = ranks.FromFirst(() =>
        {
            measure(own);
            return JsonSerializer.SerializeToUtf8Bytes(own._values);
        }, Communicator.LongWork);
        foreach (var (what, value) in JsonSerializer.Deserialize<Dictionary<string, double>>(values)!) own._values[what] = value;
        return own;
    }

    /// <summary>A number: the one that is known, or one measured now.</summary>
    public double Get(string what, Func<double> measure)
    {
        if (_values.TryGetValue(what, out var known)) return known;
        _changed = true;
        return _values[what] = measure();
    }

    /// <summary>Writes what is new.</summary>
    public void Save()
    {
        if (_file is null || !_changed) return;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
            // What another process has measured meanwhile stays.
            foreach (var (what, value) in Read()) _values.TryAdd(what, value);
            AtomicFile.Write(_file, stream => JsonSerializer.Serialize(stream, new Document(_machine, _values)));
            _changed = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A read-only home or a full disk: the next run measures again.
        }
    }

    private Dictionary<string, double> Read()
    {
        try
        {
            if (_file is null || !File.Exists(_file)) return [];
            var document = JsonSerializer.Deserialize<Document>(SmallFile.ReadJson(_file, 64 << 20).Span);
            if (document?.Machine != _machine || document.Values is null) return [];
            return document.Values.Where(v => double.IsFinite(v.Value) && v.Value >= 0).ToDictionary();
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or InvalidFileException)
        {
            return [];
        }
    }

    private sealed record Document(string Machine, Dictionary<string, double> Values);
}
