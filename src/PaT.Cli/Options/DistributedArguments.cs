using System.CommandLine;

namespace PaT.Cli;

/// <summary>
/// The options of a run in several processes: <c>--workers</c> starts them on this machine; <c>mpirun pat train</c>, <c>srun</c> and the like have started
/// this one as one of them.
/// </summary>
internal sealed class DistributedArguments
{
    private readonly Option<int> _workers = NumberOption.Create(
        "--workers", "Processes that train together on this machine, started by mpirun; across machines: docs/scale.md", 1, "1 to 256", (int n) => n is >= 1 and <= 256);

    private readonly Option<int> _maxRestarts = NumberOption.Create(
        "--max-restarts", "With --workers: how often to start the processes again from the last checkpoint after one was lost", 0, "0 to 100", (int n) => n is >= 0 and <= 100);

    private readonly Option<double> _timeout = NumberOption.Create(
        "--rank-timeout", "Seconds after which a process that is missing or hangs ends the others", 120.0, "1 to 86400", (double s) => s is >= 1 and <= 86400);

    private readonly Option<bool> _distributed = new("--distributed") { Description = "Fail unless mpirun has started this process as one of several" };

    private readonly Option<bool> _synchronize = new("--sync-batch-norm")
    {
        Description = "Batch-norms use the whole batch, not each process's part: the result is the same for any number of processes",
    };

    private readonly Option<bool> _batchPerProcess = new("--batch-per-worker") { Description = "--batch is that of one process, so a step has more images" };

    private readonly Option<LearningRateScaling> _scaling = NamedValue.Create(
        "--lr-scaling", "With --batch-per-worker: what the number of processes does to the learning rate", LearningRateScaling.None);

    /// <summary>Adds all options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_workers, _maxRestarts, _timeout, _distributed, _synchronize, _batchPerProcess, _scaling])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Settings with what was asked for.</summary>
    /// <param name="settings">The settings without it.</param>
    /// <param name="parsed">The parsed command line.</param>
    /// <exception cref="InvalidOptionsException">Options have no effect without others.</exception>
    public RunSettings Apply(RunSettings settings, ParseResult parsed)
    {
        var (workers, isLaunched) = (parsed.GetValue(_workers), DistributedOptions.IsLaunched);
        if (workers == 1 && !isLaunched && !parsed.GetValue(_distributed))
        {
            return WithoutEffect(parsed) is { } option
                ? throw new InvalidOptionsException($"{option} has no effect on one process: give --workers N, or leave it out")
                : settings;
        }

        var distributed = new DistributedOptions
        {
            Timeout = TimeSpan.FromSeconds(parsed.GetValue(_timeout)),
            SynchronizeBatchNorm = parsed.GetValue(_synchronize),
            BatchPerProcess = parsed.GetValue(_batchPerProcess),
            LearningRateScaling = parsed.GetValue(_scaling),
        };
        return settings with
        {
            Workers = isLaunched ? 1 : workers,
            MaxRestarts = parsed.GetValue(_maxRestarts),
            Options = settings.Options with { Distributed = distributed },
        };
    }

    private string? WithoutEffect(ParseResult parsed) =>
        parsed.GetValue(_synchronize) ? _synchronize.Name
        : parsed.GetValue(_batchPerProcess) ? _batchPerProcess.Name
        : parsed.GetValue(_scaling) != LearningRateScaling.None ? _scaling.Name
        : parsed.GetValue(_maxRestarts) > 0 ? _maxRestarts.Name : null;
}
