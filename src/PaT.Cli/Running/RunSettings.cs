namespace PaT.Cli;

/// <summary>What a training command was asked to do.</summary>
internal sealed record RunSettings
{
    /// <summary>Folder or archive with images; null to search.</summary>
    public string? Data { get; init; }

    /// <summary>Where the results go.</summary>
    public required string Out { get; init; }

    /// <summary>Training images to choose; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>The device by its name on the command line: <c>cpu</c>, <c>cuda</c>, or null for the GPU where there is one.</summary>
    public string? Device { get; init; }

    /// <summary>Processes to start on this machine; 1 to train in this one, which a launcher may have started as one of several.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>How often the processes are started again after one was lost.</summary>
    public int MaxRestarts { get; init; }

    /// <summary>Everything that training needs to know.</summary>
    public required PruningAwareTrainingOptions Options { get; init; }
}
