using System.Security.Cryptography;

namespace PaT.Cli;

/// <summary>
/// Finds images to train on, in this order: the given path, <c>$PAT_DATA</c>, the cache, the official CIFAR-10 archive,
/// drawn shapes.
/// </summary>
/// <param name="say">Receives a line about what was found, and the progress of a download.</param>
internal sealed class ImageSources(Action<string> say)
{
    /// <summary>The path that selects the drawn images.</summary>
    public const string Drawn = "shapes";

    private const string ArchiveName = "cifar-10-binary.tar.gz";

    /// <summary>Address of CIFAR-10's binary version.</summary>
    public Uri Archive { get; init; } = new("https://www.cs.toronto.edu/~kriz/" + ArchiveName);

    /// <summary>The checksum on the same page.</summary>
    public string ArchiveMd5 { get; init; } = "c32a1d4ab5d03f1284b67883e8d87530";

    /// <summary>Folder of downloads.</summary>
    public string Cache { get; init; } = UserCache.Folder;

    /// <summary>The value of <c>$PAT_DATA</c>: a path or the word for drawn images; null for none.</summary>
    public string? Variable { get; init; } = Environment.GetEnvironmentVariable("PAT_DATA");

    /// <summary>Finds images to train on.</summary>
    /// <param name="data">The given folder or archive; null to search.</param>
    /// <param name="cancellation">Stops reading or downloading.</param>
    /// <exception cref="InvalidImageDataException">The given path does not exist or cannot be trained on.</exception>
    public async Task<LabeledImages> FindAsync(string? data, CancellationToken cancellation) =>
        Announced((await FindAnyAsync(data, cancellation)).ForTraining());

    /// <summary>
    /// Finds images in the same way as for training, but only given ones, because a trained model must not be scored on
    /// other images.
    /// </summary>
    /// <param name="data">The given folder or archive; null for <c>$PAT_DATA</c>.</param>
    /// <exception cref="InvalidImageDataException">No path is given, or it does not exist.</exception>
    public Task<LabeledImages> FindOwnAsync(string? data, CancellationToken cancellation) =>
        FindAsync(data ?? Own(), cancellation);

    /// <summary>Finds given images to score, from all parts of the set.</summary>
    /// <param name="data">The given folder or archive; null for <c>$PAT_DATA</c>.</param>
    /// <exception cref="InvalidImageDataException">No path is given, or it does not exist.</exception>
    public async Task<LabeledImages> FindAsGivenAsync(string? data, CancellationToken cancellation) =>
        Announced(await FindAnyAsync(data ?? Own(), cancellation));

    private string Own() => !string.IsNullOrEmpty(Variable) ? Variable : throw new InvalidOptionsException(
        CliErrorCodes.ArgumentInvalid,
        "--data PATH is missing: give class folders, test/CLASS, an archive of these, a .csv or .tsv of paths and "
        + $"labels, or the word {Drawn} for drawn images; or set $PAT_DATA");

    private async Task<LabeledImages> FindAnyAsync(string? data, CancellationToken cancellation)
    {
        if (data is not null) return Given(data);
        if (!string.IsNullOrEmpty(Variable))
        {
            if (Path.Exists(Variable) || Variable == Drawn) return Given(Variable);
            say($"PAT_DATA names {Variable}, which does not exist: looking elsewhere");
        }

        var cached = Path.Combine(Cache, ArchiveName);
        var isThere = File.Exists(cached) || await DownloadAsync(cached, cancellation);
        say($"without --data, the images are {(isThere ? "those of CIFAR-10" : "drawings of ten shapes")}: give --data "
            + "PATH for your own, such as a folder with one folder per class");
        return isThere ? OpenAsGiven(cached, cancellation) : ShapeImages.Draw(cancellation);

        LabeledImages Given(string path) => path == Drawn && !Path.Exists(path)
            ? ShapeImages.Draw(cancellation)
            : OpenAsGiven(path, cancellation);
    }

    /// <summary>Opens a folder or an archive to train on.</summary>
    /// <exception cref="InvalidImageDataException">The path does not exist or cannot be trained on.</exception>
    public static LabeledImages Open(string path, CancellationToken cancellation) =>
        OpenAsGiven(path, cancellation).ForTraining();

    private static LabeledImages OpenAsGiven(string path, CancellationToken cancellation)
    {
        if (File.Exists(path))
            return CifarArchive.Open(path, cancellation) ?? LabeledImages.Of(ImageFolder.Read(path, cancellation));
        if (!Directory.Exists(path))
        {
            throw new InvalidImageDataException(
                ErrorCodes.ImageSourceMissing,
                $"no such folder or archive: {path}; give a folder with one folder per class, or a .zip or .tar.gz of "
                + "one");
        }
        if (IdxFiles.IsIn(path)) return IdxFiles.Open(path);
        return CifarBatches.FolderIn(path) is { } batches
            ? CifarBatches.Open(batches)
            : LabeledImages.Of(ImageFolder.Read(path, cancellation));
    }

    private LabeledImages Announced(LabeledImages set)
    {
        say(set.ToString());
        return set;
    }

    private async Task<bool> DownloadAsync(string target, CancellationToken cancellation)
    {
        say($"fetching CIFAR-10 from {Archive}");
        try
        {
            await new ResumableDownload(Archive, target, new(HashAlgorithmName.MD5, ArchiveMd5))
                .RunAsync(new DownloadProgress(say).Show, cancellation);
            return true;
        }
        catch (Exception e) when (e is DownloadFailedException or IOException or UnauthorizedAccessException)
        {
            // The last source needs neither network nor disk.
            say(e.Message);
            return false;
        }
    }
}
