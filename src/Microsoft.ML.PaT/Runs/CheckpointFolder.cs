using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.PaT.Internal;
using Microsoft.ML.PaT.Modeling.OnnxImport;
using TorchSharp;

namespace Microsoft.ML.PaT.Runs;

/// <summary>The checkpoints of one run: writes them, keeps the last ones and the best, and finds the one to go on from. Holds the folder for this process.</summary>
internal sealed class CheckpointFolder : IDisposable
{
    private const double LowestRateScale = 1.0 / 8;
    private readonly CheckpointOptions _options;
    private readonly string? _folder;
    private readonly FolderLock? _lock;
    private readonly IRunObserver _observer;
    private readonly Stopwatch _sinceLast = Stopwatch.StartNew();

    /// <summary>Opens the folder; without one, nothing is ever due.</summary>
    /// <param name="options">Where, and how often.</param>
    /// <param name="observer">Receives what is written, and warnings.</param>
    /// <exception cref="FolderInUseException">Another run has the folder.</exception>
    /// <exception cref="InvalidCheckpointException">It holds an unfinished run that is not to be gone on with.</exception>
    /// <exception cref="IOException">It cannot be written to.</exception>
    public CheckpointFolder(CheckpointOptions options, IRunObserver observer)
    {
        (_options, _observer) = (options, observer);
        if (options.Folder is null) return;
        _folder = Path.GetFullPath(options.Folder);
        Directory.CreateDirectory(_folder);
        _lock = FolderLock.Take(_folder);
        try
        {
            // What a killed process left half written.
            foreach (var unfinished in Directory.GetFiles(_folder, "*" + CheckpointOptions.Extension + AtomicFile.Unfinished)) File.Delete(unfinished);
            if (!options.Resume) Clear();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Whether it is time for a checkpoint within an epoch.</summary>
    public bool IsDue => _folder is not null && _sinceLast.Elapsed >= _options.Interval;

    /// <summary>Whether there is a folder.</summary>
    public bool IsOn => _folder is not null;

    /// <summary>What to start from: the last whole checkpoint of the run, else the file to branch from, else null.</summary>
    /// <param name="run">The run that wants to start.</param>
    /// <exception cref="InvalidCheckpointException">The checkpoint is of another run, or none of them is whole.</exception>
    public Checkpoint? Start(RunIdentity run)
    {
        if (Last() is { } last) return Checked(last, run);
        return _options.StartFrom is { } file ? Checked(CheckpointFile.Read(file).AsBranch(), run) : null;
    }

    /// <summary>Halves the learning rate of what the run goes on from.</summary>
    /// <returns>False when there is nothing to go back to, or the rate is down to an eighth already.</returns>
    public bool RollBack()
    {
        using var last = Last();
        if (last is not { State.RateScale: > LowestRateScale }) return false;
        Save(last.State with { RateScale = last.State.RateScale / 2 }, last.Tensors);
        return true;
    }

    /// <summary>Writes a checkpoint. A disk that is full costs this checkpoint, not the run.</summary>
    /// <param name="state">Where the run stands.</param>
    /// <param name="tensors">Its tensors by name; not kept.</param>
    public void Save(CheckpointState state, IReadOnlyDictionary<string, torch.Tensor> tensors)
    {
        if (_folder is null) return;
        var path = CheckpointOptions.PathOf(_folder, state.Epoch, state.SoFar.Step);
        try
        {
            AtomicFile.Write(path, file => CheckpointFile.Write(file, state, tensors));
            string?[] kept = [.. Files().TakeLast(_options.Keep), state.Best is { } best ? CheckpointOptions.PathOf(_folder, best.Epoch + 1, step: 0) : null];
            foreach (var old in Files().Except(kept)) File.Delete(old!);
            _observer.OnEvent(new CheckpointWritten(path) { Epoch = state.Epoch });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Warn($"The checkpoint {path} could not be written, and the run continues without it: {e.Message}", state.Epoch);
        }
        _sinceLast.Restart();
    }

    public void Dispose() => _lock?.Dispose();

    private void Warn(string text, int epoch = 0) => _observer.OnEvent(new RunMessage(text) { Severity = RunEventSeverity.Warning, Epoch = epoch });

    private string[] Files() => _folder is null ? [] : [.. Directory.GetFiles(_folder, "*" + CheckpointOptions.Extension).Order(StringComparer.Ordinal)];

    /// <summary>The last whole checkpoint. Damaged ones are set aside, so that they never push a whole one out.</summary>
    private Checkpoint? Last()
    {
        var files = Files();
        foreach (var path in files.Reverse())
        {
            try
            {
                return CheckpointFile.Read(path);
            }
            catch (InvalidCheckpointException e) when (e.IsDamaged)
            {
                Warn($"{e.Message} The one before it is used.");
                File.Move(path, path + ".damaged", overwrite: true);
            }
        }
        return files.Length == 0 ? null
            : throw new InvalidCheckpointException($"None of the {files.Length} checkpoints in {_folder} is whole; they were set aside as *.damaged. Run again to start from the beginning.");
    }

    private Checkpoint Checked(Checkpoint checkpoint, RunIdentity run)
    {
        var state = checkpoint.State;
        var differences = run.Differences(state.Run, pruningToo: !checkpoint.IsBranch);
        if (differences.Count == 0 && !(checkpoint.IsBranch && (state.SoFar.Step > 0 || state.Journal.PruneEpoch is not null))) return checkpoint;
        checkpoint.Dispose();
        throw new InvalidCheckpointException(differences.Count > 0
            ? $"The checkpoint is of another run: {string.Join("; ", differences)}. Use the same options and images, or start from the beginning in another folder."
            : $"{_options.StartFrom} was written within an epoch or after a cut; a run can start from the end of a dense epoch only.");
    }

    /// <summary>Makes place for a new run, unless that would lose work.</summary>
    private void Clear()
    {
        var files = Files();
        if (files.Length > 0 && !IsFinished(files[^1]))
        {
            throw new InvalidCheckpointException($"The folder {_folder} holds checkpoints of a run that is not finished. Go on with it (Checkpoints.Resume, --resume), delete the folder, or give another one.");
        }
        foreach (var file in files) File.Delete(file);
    }

    private static bool IsFinished(string path)
    {
        using var last = CheckpointFile.Read(path);
        return last.State.Finished;
    }
}
