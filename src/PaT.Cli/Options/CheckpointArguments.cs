using System.CommandLine;

namespace PaT.Cli;

/// <summary>The options of a run that can be interrupted and gone on with.</summary>
internal sealed class CheckpointArguments
{
    private readonly Option<string?> _folder = new("--checkpoints") { Description = "Folder for checkpoints (default: checkpoints below --out)", HelpName = "DIR" };
    private readonly Option<bool> _resume = new("--resume") { Description = "Go on from the last checkpoint; from the beginning when there is none" };
    private readonly Option<double> _interval = NumberOption.Create("--checkpoint-minutes", "Minutes between two checkpoints within an epoch; there is one at the end of each", 5.0, "greater than 0, at most 1440", (double x) => x is > 0 and <= 1440);
    private readonly Option<int> _keep = NumberOption.Create("--keep-checkpoints", "Last checkpoints that stay, beside the best one", 2, "at least 1", (int n) => n >= 1);
    private readonly Option<string?> _startFrom = new("--start-from") { Description = "A checkpoint that another run wrote at the end of a dense epoch: one dense run serves as the beginning of many that prune differently", HelpName = "FILE" };
    private readonly Option<int?> _patience = NumberOption.CreateOptional("--patience", "Epochs without a better validation accuracy after which the run ends with its best network (default: none)", "at least 1", (int n) => n >= 1);
    private readonly Option<string> _onDivergence = new("--on-divergence") { Description = "When the loss is not finite: stop, or go back to the last checkpoint with half of the learning rate", DefaultValueFactory = _ => "stop" };

    /// <summary>Describes the options.</summary>
    public CheckpointArguments() => _onDivergence.AcceptOnlyFromAmong("stop", "rollback");

    /// <summary>Adds all options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _folder, _resume, _interval, _keep, _startFrom, _patience, _onDivergence })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Settings with what was asked for.</summary>
    /// <param name="settings">The settings without it.</param>
    /// <param name="parsed">The parsed command line.</param>
    public RunSettings Apply(RunSettings settings, ParseResult parsed) => settings with
    {
        Options = settings.Options with
        {
            Checkpoints = new CheckpointOptions
            {
                Folder = parsed.GetValue(_folder) ?? Path.Combine(settings.Out, "checkpoints"),
                Interval = TimeSpan.FromMinutes(parsed.GetValue(_interval)),
                Keep = parsed.GetValue(_keep),
                Resume = parsed.GetValue(_resume),
                StartFrom = parsed.GetValue(_startFrom),
            },
            Training = settings.Options.Training with
            {
                Patience = parsed.GetValue(_patience),
                OnDivergence = parsed.GetValue(_onDivergence) == "rollback" ? DivergenceAction.RollBack : DivergenceAction.Stop,
            },
        },
    };
}
