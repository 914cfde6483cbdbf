using System.CommandLine;

namespace PaT.Cli;

/// <summary>The options of a run that can be interrupted and resumed.</summary>
internal sealed class CheckpointArguments
{
    private readonly Option<bool> _resume = new("--resume")
    {
        Description = "Continue from the last checkpoint in the output folder; without one, start from the beginning",
    };

    private readonly Option<string?> _startFrom = new("--start-from")
    {
        Description = "A checkpoint that another run wrote at the end of a dense epoch: many runs that prune "
            + "differently can continue one dense run",
        HelpName = "FILE",
    };

    private readonly Option<int> _keep = NumberOption.Create(
        "--keep-checkpoints", "Number of last checkpoints to keep; the best one stays too", 2, "at least 1",
        (int n) => n >= 1);

    public OptionGroup Group => new("Output", _resume, _startFrom, _keep);

    public RunSettings Apply(RunSettings settings, ParseResult parsed) => settings with
    {
        Options = settings.Options with
        {
            Checkpoints = new CheckpointOptions
            {
                Folder = Path.Combine(settings.Out, "checkpoints"),
                Keep = parsed.GetValue(_keep),
                Resume = parsed.GetValue(_resume),
                StartFrom = parsed.ExistingFile(_startFrom),
            },
        },
    };
}
