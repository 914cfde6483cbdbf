using System.Text.Json;
using Microsoft.ML.PaT.Distributed;
using Microsoft.ML.PaT.Internal;
using TorchSharp;

namespace Microsoft.ML.PaT.Training;

/// <summary>
/// Measured values of a CPU, kept in a file for later runs: one file per machine, library version and number of
/// threads. An unreadable file counts as empty and a failed write is ignored, because values can be measured again.
/// </summary>
internal sealed class MeasurementCache
{
    private readonly string? _file;
    private readonly string _machine;
    private readonly Dictionary<string, double> _values;
    private bool _changed;

    /// <param name="folder">Folder of the file; null to keep nothing.</param>
    /// <param name="machine">Description of the machine: everything that affects a measured time.</param>
    public MeasurementCache(string? folder, string machine)
    {
        _machine = machine;
        var hash = TextHash.Of(machine);
        _file = folder is null ? null : Path.Combine(folder, $"measurements-{hash}.json");
        _values = Read();
    }

    /// <summary>
    /// Measurements of a device of this machine with the current number of threads, in the user's cache folder. Those
    /// of a GPU are not kept: TorchSharp does not name the card, and the machine may get another one.
    /// </summary>
    public static MeasurementCache Of(torch.Device device) =>
        new(
            device.type == DeviceType.CPU ? UserCache.Folder : null,
            $"{MachineDescription.Of(torch.get_num_threads())}, {device}, libtorch {torch.__version__}");

    /// <summary>Measurements of rank 0, which measures while the other ranks wait.</summary>
    /// <param name="device">Training device.</param>
    /// <param name="ranks">All ranks.</param>
    /// <param name="measure">Measures everything that will be needed.</param>
    public static MeasurementCache Of(torch.Device device, Communicator ranks, Action<MeasurementCache> measure)
    {
        if (ranks.Size == 1) return Of(device);
        var own = ranks.IsFirst ? Of(device) : new(folder: null, machine: "");
        var values = ranks.FromFirst(() =>
        {
            measure(own);
            return JsonSerializer.SerializeToUtf8Bytes(own._values);
        }, Communicator.LongWork);
        foreach (var (what, value) in JsonSerializer.Deserialize<Dictionary<string, double>>(values)!)
            own._values[what] = value;
        return own;
    }

    /// <summary>Returns the stored value, or measures it.</summary>
    public double Get(string what, Func<double> measure)
    {
        if (_values.TryGetValue(what, out var known)) return known;
        _changed = true;
        return _values[what] = measure();
    }

    /// <summary>Writes new values.</summary>
    public void Save()
    {
        if (_file is null || !_changed) return;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
            // Keep the values that another process has added since.
            foreach (var (what, value) in Read()) _values.TryAdd(what, value);
            AtomicFile.Write(_file, stream => JsonSerializer.Serialize(stream, new Document(_machine, _values)));
            _changed = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The folder may be read-only or the disk full; the next run measures again.
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
        catch (Exception e)
            when (e is JsonException or IOException or UnauthorizedAccessException or InvalidFileException)
        {
            return [];
        }
    }

    private sealed record Document(string Machine, Dictionary<string, double> Values);
}
