using System.Globalization;
using Microsoft.ML.PaT.Results;

namespace Microsoft.ML.PaT.Data;

/// <summary>
/// A folder with files of decoded images, one per set, named by the fingerprint of the set. The files together take at
/// most half of the disk space that would be free without them. A new file replaces the least recently used ones.
/// </summary>
internal sealed class ImageCache(string folder, IRunObserver observer)
{
    private static readonly TimeSpan s_wait = TimeSpan.FromSeconds(0.2);

    /// <summary>
    /// Opens the file of a set, or writes it. Waits if another process is writing it.
    /// </summary>
    /// <param name="fingerprint">Fingerprint of the set; a valid file name.</param>
    /// <param name="most">Maximum number of images.</param>
    /// <param name="fill">Adds the images and returns their index; not called if the file exists.</param>
    /// <param name="cancellation">Stops waiting and checking an existing file.</param>
    /// <exception cref="InvalidFileException">The file cannot be written, or the disk is too full.</exception>
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
            new ImageCacheSpace(folder, observer).Make(path, bytes, cancellation);
            observer.OnEvent(
                new RunMessage(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Keeping up to {most} decoded images ({bytes / 1e9:F1} GB) in {path} for this run and later "
                            + $"runs; it can be deleted at any time.")));
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
                ofSource = e; // an error of the images, not of this file
                throw;
            }
        }
    }

    /// <summary>The exception for a file that cannot be written.</summary>
    public static InvalidFileException CannotKeep(string path, Exception cause) =>
        new(
            ErrorCodes.ImageCacheUnwritable,
            $"The decoded images cannot be kept in {path}: {cause.Message} Free disk space, set CacheFolder to "
                + "another folder, or raise MemoryBudget.",
            cause);

    /// <summary>Locks a file of the cache for one writer.</summary>
    /// <exception cref="IOException">Another process holds the lock.</exception>
    internal static FileStream Lock(string path) =>
        new(path + ".lock", FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0);

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
                new RunMessage($"The decoded images in {path} are decoded again: {e.Message}")
                {
                    Severity = RunEventSeverity.Warning,
                });
            return null;
        }
    }

    /// <summary>Locks a file of the cache, because several processes often start with the same set at once.</summary>
    /// <returns>Null for an existing file in a folder that cannot be written to: nobody writes it.</returns>
    private FileStream? Turn(string path, CancellationToken cancellation)
    {
        for (var asked = false; ; asked = true)
        {
            try
            {
                var turn = Lock(path);
                UpdateTime(turn);
                return turn;
            }
            catch (IOException e) when (FolderLock.IsHeld(e))
            {
                if (!asked) observer.OnEvent(new RunMessage($"Another process is writing {path}; waiting for it."));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException && File.Exists(path))
            {
                return null;
            }
            if (cancellation.WaitHandle.WaitOne(s_wait)) cancellation.ThrowIfCancellationRequested();
        }
    }

    // The time of the last use decides which files are deleted first.
    private static void UpdateTime(FileStream turn)
    {
        try
        {
            turn.WriteByte(0);
        }
        catch (IOException)
        {
            // The disk is full, which is reported when images are written.
        }
    }
}
