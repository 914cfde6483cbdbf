using System.Diagnostics;
using Microsoft.ML.PaT.Results;
using TorchSharp;

namespace Microsoft.ML.PaT.Runs;

/// <summary>
/// Writes the checkpoints of one run, keeps the last ones and the best, and finds the one to resume from. Locks the
/// folder.
/// </summary>
internal sealed class CheckpointFolder : IDisposable
{
    private const double LowestRateScale = 1.0 / 8;
    private readonly CheckpointOptions _options;
    private readonly string? _folder;
    private readonly FolderLock? _lock;
    private readonly IRunObserver _observer;
    private string[] _earlier = [];
    private readonly Stopwatch _sinceLast = Stopwatch.StartNew();

    /// <summary>Locks the folder of the options. Without a folder, checkpoints are never due.</summary>
    /// <exception cref="InvalidFileException">Another run uses the folder, or it holds an unfinished run, and the
    /// options do not resume it.</exception>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public CheckpointFolder(CheckpointOptions options, IRunObserver observer)
    {
        (_options, _observer) = (options, observer);
        if (options.Folder is null) return;
        _folder = Path.GetFullPath(options.Folder);
        _lock = FolderLock.Take(_folder);
        try
        {
            // A killed process leaves unfinished files.
            var unfinished = "*" + CheckpointOptions.Extension + AtomicFile.Unfinished;
            foreach (var file in Directory.GetFiles(_folder, unfinished)) File.Delete(file);
            if (!options.Resume) _earlier = Finished();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Whether a checkpoint within an epoch is due.</summary>
    public bool IsDue => _folder is not null && _sinceLast.Elapsed >= _options.Interval;

    /// <summary>Whether there is a folder.</summary>
    public bool IsOn => _folder is not null;

    /// <summary>The last complete checkpoint of the run, else the file to branch from, else null.</summary>
    /// <exception cref="InvalidFileException">
    /// The checkpoint belongs to another run, or all checkpoints are damaged.
    /// </exception>
    public Checkpoint? Start(RunIdentity run)
    {
        if (Last() is { } last) return Checked(last, run);
        if (_options.Resume)
        {
            var start = _options.StartFrom is { } other ? $"starts from {other}" : "starts from the beginning";
            _observer.OnEvent(new RunMessage($"There is no checkpoint in {_folder}: the run {start}."));
        }
        return _options.StartFrom is { } file ? Checked(CheckpointFile.Read(file).AsBranch(), run) : null;
    }

    /// <summary>Halves the learning rate in the last checkpoint.</summary>
    /// <returns>
    /// False if there is none, if the rate is already an eighth of the options' rate, or if it cannot be written.
    /// </returns>
    public bool RollBack()
    {
        using var last = Last();
        return last is { State.RateScale: > LowestRateScale and var scale }
            && Save(last.State with { RateScale = scale / 2 }, last.Tensors);
    }

    /// <summary>Writes a checkpoint. When the disk is full, the run continues without it.</summary>
    /// <returns>Whether it was written.</returns>
    public bool Save(CheckpointState state, IReadOnlyDictionary<string, torch.Tensor> tensors)
    {
        if (_folder is null) return false;
        var isWritten = false;
        var path = CheckpointOptions.PathOf(_folder, state.Epoch, state.SoFar.Step);
        try
        {
            AtomicFile.Write(path, file => CheckpointFile.Write(file, state, tensors));
            isWritten = true;
            foreach (var file in _earlier.Where(file => file != path)) File.Delete(file);
            _earlier = [];
            var best = state.Best is { } epoch ? CheckpointOptions.PathOf(_folder, epoch.Epoch + 1, step: 0) : null;
            // Those within an epoch do not displace those at the ends of epochs, from which other runs start.
            var (all, ends) = (Files(), Files().Where(file => !CheckpointOptions.IsWithinEpoch(file)));
            HashSet<string?> kept = [.. all.TakeLast(_options.Keep), .. ends.TakeLast(_options.Keep), best];
            foreach (var old in all.Where(file => !kept.Contains(file))) File.Delete(old);
            _observer.OnEvent(new CheckpointWritten(path) { Epoch = state.Epoch });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var text = $"The checkpoint {path} could not be written, and the run continues without it: {e.Message}";
            Warn(text, state.Epoch);
        }
        _sinceLast.Restart();
        return isWritten;
    }

    public void Dispose() => _lock?.Dispose();

    private void Warn(string text, int epoch = 0) =>
        _observer.OnEvent(new RunMessage(text) { Severity = RunEventSeverity.Warning, Epoch = epoch });

    private string[] Files() => _folder is null
        ? []
        :
        [
            .. Directory.GetFiles(_folder, "*" + CheckpointOptions.Extension)
                .Order(StringComparer.Ordinal)
                .Except(_earlier),
        ];

    /// <summary>
    /// The last complete checkpoint. Renames damaged ones, so that they do not count as checkpoints to keep.
    /// </summary>
    private Checkpoint? Last()
    {
        var files = Files();
        foreach (var path in files.Reverse())
        {
            try
            {
                return CheckpointFile.Read(path);
            }
            catch (InvalidFileException e) when (e.Code == ErrorCodes.CheckpointDamaged)
            {
                Warn(path == files[0] ? e.Message : $"{e.Message} The one before it is used.");
                File.Move(path, path + ".damaged", overwrite: true);
            }
        }
        return files.Length == 0 ? null
            : throw new InvalidFileException(ErrorCodes.CheckpointDamaged,
                $"None of the {files.Length} checkpoints in {_folder} is complete; they were renamed to *.damaged. " +
                "Run again to start from the beginning.");
    }

    private Checkpoint Checked(Checkpoint checkpoint, RunIdentity run)
    {
        var state = checkpoint.State;
        var differences = run.Differences(state.Run, pruningToo: !checkpoint.IsBranch);
        var canStart = !checkpoint.IsBranch || (state.SoFar.Step == 0 && state.Record.PruneEpoch is null);
        if (differences.Count == 0 && canStart) return checkpoint;
        checkpoint.Dispose();
        throw new InvalidFileException(ErrorCodes.CheckpointMismatch, differences.Count > 0
            ? $"The checkpoint in {(checkpoint.IsBranch ? _options.StartFrom : _folder)} belongs to another run: " +
              $"{string.Join("; ", differences)}. " +
              "Use the same options and images, or start from the beginning in another folder."
            : $"{_options.StartFrom} was written within an epoch or after pruning; " +
              "a run can start from the end of a dense epoch only.");
    }

    /// <summary>Checkpoints of a finished run, which are deleted when this run writes its first one.</summary>
    private string[] Finished()
    {
        var files = Files();
        if (files.Length > 0 && !IsFinished(files[^1]))
        {
            throw new InvalidFileException(ErrorCodes.CheckpointUnfinished,
                $"The folder {_folder} holds checkpoints of a run that is not finished. " +
                "Resume it (Checkpoints.Resume), delete the folder, or use another one.");
        }
        return files;
    }

    private static bool IsFinished(string path)
    {
        using var last = CheckpointFile.Read(path);
        return last.State.Finished;
    }
}
