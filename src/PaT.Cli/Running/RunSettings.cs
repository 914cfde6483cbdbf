using System.CommandLine;

namespace PaT.Cli;

/// <summary>The settings of a training command.</summary>
internal sealed record RunSettings
{
    /// <summary>The command line. Progress names its options.</summary>
    public required ParseResult CommandLine { get; init; }

    /// <summary>Folder or archive with images; null to search.</summary>
    public string? Data { get; init; }

    /// <summary>Folder for the results.</summary>
    public required string Out { get; init; }

    /// <summary>Number of training images to choose; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>Processes to start on this machine; 1 to train in this one.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Maximum number of restarts after a process was lost.</summary>
    public int MaxRestarts { get; init; }

    /// <summary>The options of the run.</summary>
    public required PruningAwareTrainingOptions Options { get; init; }
}
