using System.CommandLine;

namespace PaT.Cli;

/// <summary>
/// The options of distributed training. <c>--workers</c> starts processes on this machine; under <c>mpirun pat
/// train</c>, <c>srun</c> or another launcher, this process is one of them.
/// </summary>
internal sealed class ProcessArguments
{
    private readonly Option<int> _workers = NumberOption.Create(
        "--workers",
        "Processes that train together on this machine, started by mpirun; across machines: docs/scale.md", 1,
        "1 to 256", (int n) => n is >= 1 and <= 256);

    private readonly Option<int> _maxRestarts = NumberOption.Create(
        "--max-restarts", "With --workers: how often to restart from the last checkpoint after a process was lost", 0,
        "0 to 100", (int n) => n is >= 0 and <= 100);

    private readonly Option<double> _timeout = NumberOption.Create(
        "--rank-timeout", "Seconds after which a process that is missing or hangs ends the others", 120.0, "1 to 86400",
        (double s) => s is >= 1 and <= 86400);

    private readonly Option<bool> _synchronize = new("--sync-batch-norm")
    {
        Description = "Batch-norms use the whole batch, so the result is the same for any number of processes",
    };

    private readonly Option<bool> _distributed = new("--distributed")
    {
        Description = "Train with the other processes of the launcher, and refuse to run alone",
    };

    public OptionGroup Group => new("Machine", _workers, _maxRestarts, _timeout, _synchronize, _distributed);

    /// <exception cref="InvalidOptionsException">An option has no effect without another one.</exception>
    public RunSettings Apply(RunSettings settings, ParseResult parsed)
    {
        var (workers, isLaunched) = (parsed.GetValue(_workers), DistributedOptions.IsLaunched);
        if (workers == 1 && !isLaunched && !parsed.GetValue(_distributed))
        {
            var idle = new Option[] { _synchronize, _maxRestarts, _timeout }
                .FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false });
            return idle is null
                ? settings
                : throw new InvalidOptionsException(CliErrorCodes.ArgumentInvalid,
                    $"{idle.Name} has no effect on one process: give --workers N, or leave it out");
        }
        var distributed = new DistributedOptions
        {
            Timeout = TimeSpan.FromSeconds(parsed.GetValue(_timeout)),
            SynchronizeBatchNorm = parsed.GetValue(_synchronize),
        };
        return settings with
        {
            Workers = isLaunched ? 1 : workers,
            MaxRestarts = parsed.GetValue(_maxRestarts),
            Options = settings.Options with { Distributed = distributed },
        };
    }
}
