using Microsoft.ML.PaT.Results;

namespace Microsoft.ML.PaT.Data;

/// <summary>Makes room for a new file in an <see cref="ImageCache"/>.</summary>
internal sealed class ImageCacheSpace(string folder, IRunObserver observer)
{
    private const string Images = "*.images";

    /// <summary>
    /// Deletes unfinished files of killed processes, then the least recently used files, until the new one fits.
    /// </summary>
    /// <param name="path">The new file, whose lock the caller holds.</param>
    /// <param name="bytes">Size of the new file.</param>
    /// <exception cref="IOException">The disk is too full.</exception>
    public void Make(string path, long bytes, CancellationToken cancellation)
    {
        DeleteUnfinished(path);
        DeleteOldest(path, bytes, cancellation);
        Require(path, bytes);
    }

    /// <summary>Checks the disk space before images are decoded, which may take hours.</summary>
    internal static void Require(string path, long bytes)
    {
        if (Free(path) is { } free && free < bytes)
        {
            throw new IOException(
                FormattableString.Invariant($"{bytes / 1e9:F1} GB are needed and {free / 1e9:F1} GB are free."));
        }
    }

    /// <summary>Returns how many of the oldest files are deleted for a new one.</summary>
    /// <param name="sizes">Sizes of the existing files in bytes, the least recently used first.</param>
    /// <param name="free">Free bytes.</param>
    /// <param name="bytes">Size of the new file in bytes.</param>
    internal static int Surplus(IReadOnlyList<long> sizes, long free, long bytes)
    {
        var limit = (free + sizes.Sum()) / 2;
        var gone = 0;
        while (gone < sizes.Count && sizes.Skip(gone).Sum() + bytes > limit) gone++;
        return gone;
    }

    /// <summary>Free bytes on the disk of a path; null if unknown, as for network shares.</summary>
    private static long? Free(string path)
    {
        try
        {
            return new DriveInfo(
                OperatingSystem.IsWindows()
                    ? Path.GetPathRoot(Path.GetFullPath(path))!
                    : Path.GetDirectoryName(Path.GetFullPath(path))!).AvailableFreeSpace;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private void DeleteUnfinished(string path)
    {
        foreach (var unfinished in Directory.GetFiles(folder, Images + AtomicFile.Unfinished))
        {
            var other = unfinished[..^AtomicFile.Unfinished.Length];
            TryDelete(unfinished, () => other == path ? null : ImageCache.Lock(other));
        }
    }

    private void DeleteOldest(string path, long bytes, CancellationToken cancellation)
    {
        var others = Directory.GetFiles(folder, Images)
            .Where(other => other != path)
            .OrderBy(other => File.GetLastWriteTimeUtc(other + ".lock"))
            .ToList();
        if (Free(path) is not { } free) return;
        var surplus = Surplus([.. others.Select(other => new FileInfo(other).Length)], free, bytes);
        foreach (var other in others.Take(surplus))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!TryDelete(other)) continue;
            TryDelete(other + ".lock");
            observer.OnEvent(
                new RunMessage(
                    $"Deleted {other}, the least recently used images in the folder, to free disk space."));
        }
    }

    /// <summary>Deletes a file unless another process uses it.</summary>
    /// <param name="take">Takes the lock of the file; null if it has none.</param>
    private static bool TryDelete(string path, Func<IDisposable?>? take = null)
    {
        try
        {
            using var turn = take?.Invoke();
            File.Delete(path); // on Windows this fails while another process reads the file
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
