namespace PaT.Cli;

/// <summary>What a sample is given.</summary>
internal sealed record ExampleSettings
{
    /// <summary>A folder with one folder of images for each class.</summary>
    public required string Images { get; init; }

    /// <summary>An existing folder for what the sample writes.</summary>
    public required string Output { get; init; }

    /// <summary>Passes over the images.</summary>
    public required int Epochs { get; init; }

    /// <summary>Receives results.</summary>
    public required TextWriter Log { get; init; }

    /// <summary>Receives what happens while a sample trains.</summary>
    public required IProgress<TrainingProgress> Progress { get; init; }

    /// <summary>Stops training.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>The path of a file that the sample writes.</summary>
    public string File(string name) => Path.Combine(Output, name);
}
