namespace PaT.Cli;

/// <summary>
/// Converts the weights of a command line to files that the library reads: downloads those with a name, and converts
/// state dicts of PyTorch. Keeps both in the user's cache.
/// </summary>
/// <param name="say">Receives a line about what was found, and the progress of a download.</param>
internal sealed class GivenWeights(Action<string> say)
{
    /// <summary>Folder of downloads and converted files.</summary>
    public string Cache { get; init; } = Path.Combine(UserCache.Folder, "weights");

    /// <summary>Address of torchvision's files.</summary>
    public Uri Source { get; init; } = TorchvisionWeights.Folder;

    /// <summary>
    /// The options without weights by name, to validate the rest before the file is downloaded.
    /// </summary>
    public static PruningAwareTrainingOptions WithoutNamed(PruningAwareTrainingOptions options) =>
        options.Weights is { } weights && TorchvisionWeights.Find(weights.Path) is not null
            ? options with { Weights = null, Training = options.Training with { RestoreBatchNorms = false } }
            : options;

    /// <summary>Returns the settings with weights that the library reads.</summary>
    /// <inheritdoc cref="FindAsync(string, CancellationToken)"/>
    public async Task<RunSettings> FindAsync(RunSettings settings, CancellationToken cancellation) => settings with
    {
        Options = settings.Options with { Weights = await FindAsync(settings.Options.Weights, cancellation) },
    };

    /// <summary>Returns weights that the library reads; null for null.</summary>
    /// <inheritdoc cref="FindAsync(string, CancellationToken)"/>
    public async Task<WeightsFile?> FindAsync(WeightsFile? weights, CancellationToken cancellation) =>
        weights is null ? null : weights with { Path = await FindAsync(weights.Path, cancellation) };

    /// <summary>Returns the file that the library reads.</summary>
    /// <param name="given">A path, or a name such as <c>resnet18@torchvision</c>.</param>
    /// <param name="cancellation">Stops a download.</param>
    /// <exception cref="DownloadFailedException">The file is not in the cache and cannot be downloaded.</exception>
    /// <exception cref="InvalidInputFileException">The file has no state dict.</exception>
    public async Task<string> FindAsync(string given, CancellationToken cancellation) =>
        TorchvisionWeights.Find(given) is { } published ? await FindAsync(published, cancellation) : Readable(given);

    /// <summary>Returns the file that the library reads, from the cache or downloaded.</summary>
    /// <inheritdoc cref="FindAsync(string, CancellationToken)"/>
    public async Task<string> FindAsync(TorchvisionWeights published, CancellationToken cancellation) =>
        Readable(await FetchAsync(published, cancellation));

    private string Readable(string path) =>
        StateDictFile.Is(path) ? StateDictFile.ToSafetensors(path, Cache, say) : path;

    private async Task<string> FetchAsync(TorchvisionWeights published, CancellationToken cancellation)
    {
        var target = Path.Combine(Cache, published.File);
        if (File.Exists(target))
        {
            var (matches, found) = await published.Checksum.CheckAsync(target, cancellation);
            if (matches) return target;
            throw new InvalidInputFileException(
                $"{target} begins with SHA-256 {found}, not with the digits in its name: it is damaged; delete it");
        }
        var source = new Uri(Source, published.File);
        say($"fetching {source}");
        var progress = new DownloadProgress(say);
        try
        {
            await new ResumableDownload(source, target, published.Checksum).RunAsync(progress.Show, cancellation);
        }
        catch (DownloadFailedException e)
        {
            throw new DownloadFailedException(
                $"{e.Message}. Without a network: fetch {source} elsewhere, and put it into {Cache}", e);
        }
        return target;
    }
}
