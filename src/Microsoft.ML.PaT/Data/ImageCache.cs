using System.Globalization;
using Microsoft.ML.PaT.Internal;
using Microsoft.ML.PaT.Results;

namespace Microsoft.ML.PaT.Data;

/// <summary>
/// A folder with files of decoded images, one for each set, each found again by a fingerprint of what it was made from.
/// Together they take at most half of the disk that would be free without them: a new one makes those that were not
/// used for the longest time go.
/// </summary>
internal sealed class ImageCache(string folder, IRunObserver observer)
{
    private static readonly TimeSpan s_wait = TimeSpan.FromSeconds(0.2);

    /// <summary>
    /// Opens the file of a set, or makes it. When another process is about to make it, waits for that.
    /// </summary>
    /// <param name="fingerprint">What the set is made from: letters that can be the name of a file.</param>
    /// <param name="shape">Shape of every image.</param>
    /// <param name="classes">Names of the classes.</param>
    /// <param name="most">Images at most.</param>
    /// <param name="fill">Gives the images, and says afterwards what they are. Not called when there is a file.</param>
    /// <param name="cancellation">Stops waiting, and looking through a file.</param>
    /// <exception cref="InvalidFileException">The file cannot be written, or there is no place for it.</exception>
    public (ImageDataset Images, ImageCacheIndex Index) Get(
        string fingerprint,
        ImageShape shape,
        IReadOnlyList<string> classes,
        long most,
        Func<ImageSink, ImageCacheIndex> fill,
        CancellationToken cancellation)
    {
        var path = Path.Combine(folder, fingerprint + ".images");
        Exception? ofSource = null;
        try
        {
            Directory.CreateDirectory(folder);
            using var turn = Turn(path, cancellation);
            if (Existing(path, shape, classes, cancellation) is { } existing) return existing;
            var bytes = ImageCacheFile.BytesOf(shape, most);
            MakeRoom(path, bytes, cancellation);
            RequireSpace(path, bytes);
            observer.OnEvent(
                new RunMessage(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Keeping up to {most} decoded images ({bytes / 1e9:F1} GB) in {path}, for this run and "
                            + $"later ones; delete it at will.")));
            AtomicFile.Write(path, stream => ImageCacheFile.Write(stream, shape, Filled));
            return ImageCacheFile.Open(path, shape, classes, cancellation);
        }
        catch (Exception e)
            when (e != ofSource && (e is IOException or UnauthorizedAccessException or InvalidDataException))
        {
            throw CannotKeep(path, e);
        }

        ImageCacheIndex Filled(ImageSink sink)
        {
            try
            {
                return fill(sink);
            }
            catch (Exception e)
            {
                ofSource = e; // not a matter of this file
                throw;
            }
        }
    }

    /// <summary>What to throw when a file cannot be written.</summary>
    public static InvalidFileException CannotKeep(string path, Exception cause) =>
        new(
            ErrorCodes.ImageCacheUnwritable,
            $"The decoded images cannot be kept in {path}: {cause.Message} Make room, name another folder "
                + "(CacheFolder), or raise MemoryBudget.",
            cause);

    private (ImageDataset Images, ImageCacheIndex Index)? Existing(
        string path, ImageShape shape, IReadOnlyList<string> classes, CancellationToken cancellation)
    {
        if (!File.Exists(path)) return null;
        try
        {
            var opened = ImageCacheFile.Open(path, shape, classes, cancellation);
            observer.OnEvent(new RunMessage($"Using the images decoded before, in {path}."));
            return opened;
        }
        catch (Exception e)
            when (e is InvalidDataException or InvalidFileException or IOException or System.Text.Json.JsonException)
        {
            observer.OnEvent(
                new RunMessage($"The decoded images in {path} are made anew: {e.Message}")
                {
                    Severity = RunEventSeverity.Warning,
                });
            return null;
        }
    }

    /// <summary>Holds the right to make a file; several processes often start on one set at the same time.</summary>
    private FileStream Turn(string path, CancellationToken cancellation)
    {
        for (var asked = false; ; asked = true)
        {
            try
            {
                var turn = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
                turn.WriteByte(0); // dates it: this set was used last
                turn.Flush();
                return turn;
            }
            catch (IOException e)
                when (File.Exists(path + ".lock") && e is not (DirectoryNotFoundException or PathTooLongException))
            {
                if (!asked) observer.OnEvent(new RunMessage($"Another process is at work on {path}; waiting for it."));
            }
            if (cancellation.WaitHandle.WaitOne(s_wait)) cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Hours of decoding should not end at a full disk.</summary>
    internal static void RequireSpace(string path, long bytes)
    {
        if (Free(path) is { } free && free < bytes)
        {
            throw new IOException(
                FormattableString.Invariant($"{bytes / 1e9:F1} GB are needed and {free / 1e9:F1} GB are free."));
        }
    }

    /// <summary>Which files go for a new one.</summary>
    /// <param name="sizes">The bytes of those there are, that which was used last at the end.</param>
    /// <param name="free">Bytes that are free now.</param>
    /// <param name="bytes">The size of the new one.</param>
    /// <returns>How many, from the first on.</returns>
    internal static int Surplus(IReadOnlyList<long> sizes, long free, long bytes)
    {
        var limit = (free + sizes.Sum()) / 2;
        var gone = 0;
        while (gone < sizes.Count && sizes.Skip(gone).Sum() + bytes > limit) gone++;
        return gone;
    }

    private void MakeRoom(string path, long bytes, CancellationToken cancellation)
    {
        var others = Directory.GetFiles(folder, "*.images")
            .Where(other => other != path)
            .OrderBy(other => File.GetLastWriteTimeUtc(other + ".lock"))
            .ToList();
        if (Free(path) is not { } free) return;
        var surplus = Surplus([.. others.Select(other => new FileInfo(other).Length)], free, bytes);
        foreach (var other in others.Take(surplus))
        {
            cancellation.ThrowIfCancellationRequested();
            File.Delete(other); // who reads it now goes on reading; Windows refuses then, and says so
            File.Delete(other + ".lock");
            observer.OnEvent(
                new RunMessage(
                    $"Deleted {other}: of all decoded images in the folder they were not used for the longest time, "
                        + "and the disk is wanted."));
        }
    }

    /// <summary>
    /// Free bytes where a file is to lie; null where nobody can say: a network share is found out when it is full.
    /// </summary>
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
}
