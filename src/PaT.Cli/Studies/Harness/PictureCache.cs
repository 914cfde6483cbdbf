using System.Security.Cryptography;
using System.Text;

namespace PaT.Cli;

/// <summary>
/// The pictures of a study, decoded once: cells read them as CIFAR-10's binary records. Pictures of another size than 32x32 stay where they are.
/// The fingerprint is a hash of their names, labels and content, and of the test pictures chosen.
/// </summary>
/// <param name="Path">What cells get as <c>--data</c>.</param>
/// <param name="Fingerprint">16 hexadecimal digits.</param>
/// <param name="Name">What the pictures are called.</param>
/// <param name="Classes">How many classes there are.</param>
/// <param name="Test">How many test pictures are scored.</param>
/// <param name="Side">Height and width of all pictures, in pixels; null where they are files of any size.</param>
internal sealed record PictureCache(string Path, string Fingerprint, string Name, int Classes, int Test, int? Side)
{
    private const int Cached = 32;

    /// <summary>Makes the pictures ready.</summary>
    /// <param name="set">The pictures.</param>
    /// <param name="testPictures">Test pictures to score, chosen evenly by class with a fixed seed; null for all of them.</param>
    /// <param name="workspace">The folder of the study.</param>
    /// <param name="say">Receives a line about what happens.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="InvalidPicturesException">Test pictures are to be chosen, but the pictures cannot be cached.</exception>
    public static PictureCache Of(PictureSet set, int? testPictures, string workspace, Action<string> say, CancellationToken cancellation)
    {
        var chosen = set with { Test = testPictures is { } count ? Subset.Balanced(set.Test, count, seed: 1) : set.Test };
        var fingerprint = FingerprintOf(chosen, cancellation);
        var folder = System.IO.Path.Combine(workspace, "data", fingerprint);
        var cache = new PictureCache(folder, fingerprint, set.Name, set.Classes.Count, chosen.Test.Count, Cached);
        if (Directory.Exists(folder))
        {
            return cache;
        }

        if (set.Classes.Count > byte.MaxValue || !TryDecode(chosen.Train, set, cancellation, out var train) || !TryDecode(chosen.Test, set, cancellation, out var test))
        {
            return testPictures is null
                ? cache with { Path = set.Origin, Side = null }
                : throw new InvalidPicturesException($"--test-images needs pictures of {Cached}x{Cached} pixels, and those of {set.Origin} are not: leave it out");
        }

        say($"keeping the decoded pictures in {folder}");
        var unfinished = folder + ".tmp";
        Directory.CreateDirectory(unfinished);
        File.WriteAllBytes(System.IO.Path.Combine(unfinished, "data_batch_1.bin"), train);
        File.WriteAllBytes(System.IO.Path.Combine(unfinished, "test_batch.bin"), test);
        File.WriteAllText(System.IO.Path.Combine(unfinished, "batches.meta.txt"), string.Join('\n', set.Classes), Encoding.ASCII);
        File.WriteAllText(System.IO.Path.Combine(unfinished, CifarBatches.SetName), set.Name);
        Directory.Move(unfinished, folder);
        return cache;
    }

    private static string FingerprintOf(PictureSet set, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (part, pictures) in new[] { ("train", set.Train), ("test", set.Test) })
        {
            foreach (var picture in pictures)
            {
                cancellation.ThrowIfCancellationRequested();
                hash.AppendData(Encoding.UTF8.GetBytes($"{part}\n{picture.Name}\n{picture.Label}\n"));
                hash.AppendData(picture.Read());
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    private static bool TryDecode(IReadOnlyList<Picture> pictures, PictureSet set, CancellationToken cancellation, out byte[] records)
    {
        const int Size = 1 + CifarBatches.Pixels;
        var labels = set.Classes.Select((name, i) => (name, i)).ToDictionary(c => c.name, c => (byte)c.i);
        var all = new byte[(long)pictures.Count * Size];
        var fits = true;
        Parallel.For(0, pictures.Count, new ParallelOptions { CancellationToken = cancellation }, (i, loop) =>
        {
            var record = all.AsSpan(i * Size, Size);
            record[0] = labels[pictures[i].Label];
            var content = pictures[i].Read();
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

    /// <summary>Unpacks a picture into planes; false when it is not 32x32, or not readable: then cells read the files themselves, and name it.</summary>
    private static bool TryDecode(byte[] content, Span<byte> planes)
    {
        try
        {
            if (PictureDecoder.SizeOf(content) is not (Cached, Cached))
            {
                return false;
            }

            PictureDecoder.Decode(content, new ImageShape(3, Cached, Cached)).CopyTo(planes);
            return true;
        }
        catch (InvalidPicturesException)
        {
            return false;
        }
    }
}
