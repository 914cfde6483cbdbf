using System.Security.Cryptography;
using System.Text;
using PaT.Studies;

namespace PaT.Cli;

/// <summary>
/// The images of a study, decoded once into CIFAR-10's binary records. Images of another size than 32x32 are read from
/// their files. The fingerprint is a hash of the names, labels and contents of the images.
/// </summary>
internal static class StudyImageCache
{
    private const int Cached = 32;

    /// <summary>Images of a part that fit into one array.</summary>
    private static readonly int s_most = Array.MaxLength / CifarBatches.RecordSize;

    /// <param name="testImages">
    /// Test images to score, chosen evenly by class with a fixed seed; null for all of them.
    /// </param>
    /// <param name="say">Receives a line about what happens.</param>
    /// <exception cref="InvalidImageDataException">A number of test images is given, but the images cannot be
    /// cached.</exception>
    public static StudyImages Of(
        LabeledImages set, int? testImages, string workspace, Action<string> say, CancellationToken cancellation)
    {
        var chosen = set with { Test = testImages is { } count ? Subset.Balanced(set.Test, count, seed: 1) : set.Test };
        var fingerprint = FingerprintOf(chosen, cancellation);
        var folder = Path.Combine(workspace, "data", fingerprint);
        var cache = new StudyImages(folder, fingerprint, set.Name, set.Classes.Count, chosen.Test.Count, Cached);
        if (Directory.Exists(folder)) return cache;
        if (Decoded(chosen, cancellation) is not { } parts)
        {
            if (testImages is null) return cache with { Path = set.Origin, Side = set.Encoded ? null : Cached };
            throw new InvalidImageDataException(
                ErrorCodes.ImageSourceInvalid,
                FormattableString.Invariant($"--test-images needs images of {Cached}x{Cached} pixels, of at most ")
                + FormattableString.Invariant($"{byte.MaxValue} classes and at most {s_most:N0} in a part; those of ")
                + $"{set.Origin} are not: leave it out");
        }

        say($"keeping the decoded images in {folder}");
        var unfinished = folder + ".tmp";
        Directory.CreateDirectory(unfinished);
        foreach (var (file, records) in parts) File.WriteAllBytes(Path.Combine(unfinished, file), records);
        File.WriteAllText(Path.Combine(unfinished, CifarBatches.Names), string.Join('\n', set.Classes));
        File.WriteAllText(Path.Combine(unfinished, CifarBatches.SetName), set.Name);
        Directory.Move(unfinished, folder);
        return cache;
    }

    /// <summary>Whether images are those of a fingerprint: its cache, or the images that the study was given.</summary>
    public static bool Has(LabeledImages set, string fingerprint, CancellationToken cancellation)
    {
        // A cache lacks the names and the files of which the fingerprint is a hash; its folder is named by the hash.
        var isCache = File.Exists(Path.Combine(set.Origin, CifarBatches.SetName));
        return (isCache && Path.GetFileName(Path.TrimEndingDirectorySeparator(set.Origin)) == fingerprint)
            || FingerprintOf(set, cancellation) == fingerprint;
    }

    private static string FingerprintOf(LabeledImages set, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (part, images) in new[] { ("train", set.Train), ("test", set.Test), ("val", set.Validation) })
        {
            foreach (var image in images)
            {
                cancellation.ThrowIfCancellationRequested();
                hash.AppendData(Encoding.UTF8.GetBytes($"{part}\n{image.Name}\n{image.Label}\n"));
                hash.AppendData(image.Read());
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    /// <summary>The file and the records of each part with images; null if they cannot be cached.</summary>
    private static List<(string File, byte[] Records)>? Decoded(LabeledImages set, CancellationToken cancellation)
    {
        if (set.Classes.Count > byte.MaxValue) return null;
        var parts = new List<(string, byte[])>();
        foreach (var (file, images) in new[]
        {
            (CifarBatches.Train, set.Train), (CifarBatches.Test, set.Test), (CifarBatches.Validation, set.Validation),
        })
        {
            if (images.Count == 0) continue;
            if (!TryDecode(images, set, cancellation, out var records)) return null;
            parts.Add((file, records));
        }
        return parts;
    }

    private static bool TryDecode(
        IReadOnlyList<Image> images, LabeledImages set, CancellationToken cancellation, out byte[] records)
    {
        const int Size = CifarBatches.RecordSize;
        records = [];
        // Large images, of which there may be many, are recognized by the first one.
        if (images.Count > s_most
            || (set.Encoded && ImageDecoder.SizeOf(images[0].Read()) is not (Cached, Cached))) return false;
        var labels = set.Classes.Select((name, i) => (name, i)).ToDictionary(c => c.name, c => (byte)c.i);
        var all = new byte[images.Count * Size];
        var fits = true;
        Parallel.For(0, images.Count, new ParallelOptions { CancellationToken = cancellation }, (i, loop) =>
        {
            var record = all.AsSpan(i * Size, Size);
            record[0] = labels[images[i].Label];
            var content = images[i].Read();
            if (!set.Encoded)
            {
                content.CopyTo(record[1..]);
            }
            else if (!TryDecode(content, record[1..]))
            {
                fits = false;
                loop.Stop();
            }
        });
        records = all;
        return fits;
    }

    // False if the image is not 32x32 or not readable; the cells then read the files and name the image.
    private static bool TryDecode(byte[] content, Span<byte> planes)
    {
        try
        {
            if (ImageDecoder.SizeOf(content) is not (Cached, Cached)) return false;
            ImageDecoder.Decode(content, new ImageShape(3, Cached, Cached)).CopyTo(planes);
            return true;
        }
        catch (InvalidImageDataException)
        {
            return false;
        }
    }
}
