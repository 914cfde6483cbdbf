using System.CommandLine;

namespace PaT.Cli;

/// <summary>The options of a run that several processes share: <c>--workers</c> starts them on this machine; a launcher such as torchrun says by the environment that this is one of them.</summary>
internal sealed class RankArguments
{
    private readonly Option<int> _workers = NumberOption.Create("--workers", "Processes that train together on this machine; across machines let a launcher start them: docs/scale.md", 1, "1 to 256", (int n) => n is >= 1 and <= 256);
    private readonly Option<int> _maxRestarts = NumberOption.Create("--max-restarts", "With --workers: how often the group is started again from its last checkpoint after a process was lost", 0, "0 to 100", (int n) => n is >= 0 and <= 100);
    private readonly Option<double> _timeout = NumberOption.Create("--rank-timeout", "Seconds after which a process that is missing or hangs ends the others", 120.0, "1 to 86400", (double s) => s is >= 1 and <= 86400);
    private readonly Option<bool> _synchronize = new("--sync-batch-norm") { Description = "Batch-norms use the whole batch rather than each process's part: the run comes out the same for any number of processes" };
    private readonly Option<bool> _batchPerRank = new("--batch-per-worker") { Description = "--batch is that of one process, so that a step has more pictures" };
    private readonly Option<LearningRateScaling> _scaling = NamedValue.Create("--lr-scaling", "With --batch-per-worker: what the number of processes does to the learning rate", LearningRateScaling.None);

    /// <summary>Adds all options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_workers, _maxRestarts, _timeout, _synchronize, _batchPerRank, _scaling])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Settings with what was asked for: for a process of several, by the environment, also who it is.</summary>
    /// <param name="settings">The settings without it.</param>
    /// <param name="parsed">The parsed command line.</param>
    /// <exception cref="InvalidOptionsException">The environment is incomplete, or options have no meaning without others.</exception>
    public RunSettings Apply(RunSettings settings, ParseResult parsed)
    {
        var workers = parsed.GetValue(_workers);
        var rank = DistributedOptions.FromEnvironment() is { WorldSize: > 1 } one ? one : null;
        if (workers == 1 && rank is null)
        {
            return Meaningless(parsed) is { } option
                ? throw new InvalidOptionsException($"{option} has no meaning for one process: give --workers N, or leave it out")
                : settings;
        }

        var distributed = (rank ?? new DistributedOptions { WorldSize = workers }) with
        {
            Timeout = TimeSpan.FromSeconds(parsed.GetValue(_timeout)),
            SynchronizeBatchNorm = parsed.GetValue(_synchronize),
            BatchPerRank = parsed.GetValue(_batchPerRank),
            LearningRateScaling = parsed.GetValue(_scaling),
        };
        return settings with
        {
            Workers = rank is null ? workers : 1,
            MaxRestarts = parsed.GetValue(_maxRestarts),
            Options = settings.Options with { Training = settings.Options.Training with { Distributed = distributed } },
        };
    }

    private string? Meaningless(ParseResult parsed) =>
        parsed.GetValue(_synchronize) ? _synchronize.Name
        : parsed.GetValue(_batchPerRank) ? _batchPerRank.Name
        : parsed.GetValue(_scaling) != LearningRateScaling.None ? _scaling.Name
        : parsed.GetValue(_maxRestarts) > 0 ? _maxRestarts.Name : null;
}
