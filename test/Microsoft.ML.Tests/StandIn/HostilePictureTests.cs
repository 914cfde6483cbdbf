using System.Buffers.Binary;

namespace Microsoft.ML.Tests;

/// <summary>Files made to hurt: headers that claim the moon, and random damage. None may crash or take memory that the file does not justify.</summary>
public class HostilePictureTests
{
    [Test]
    public void HeadersOfGiantsAreRefusedBeforeAllocating()
    {
        var jpeg = File.ReadAllBytes(Pictures.Golden("colour.jpg"));
        int frame = Enumerable.Range(0, jpeg.Length - 1).First(i => jpeg[i] == 0xFF && jpeg[i + 1] == 0xC0);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 5), 65000);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 7), 65000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => Pictures.Decode(jpeg), Throws.ArgumentException.With.Message.Contains("65000"));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 20));
    }

    [Test]
    public void DamagedFilesNeverEndTheProcess()
    {
        var random = new Random(5);
        byte[][] files =
        [
            File.ReadAllBytes(Pictures.Golden("colour.jpg")), File.ReadAllBytes(Pictures.Golden("cmyk.jpg")), File.ReadAllBytes(Pictures.Golden("grey.jpg")),
            Pictures.RedGif, Pictures.GreenBlueBmp, Png(),
        ];
        for (int round = 0; round < 600; round++)
        {
            var damaged = (byte[])files[round % files.Length].Clone();
            for (int i = 0; i < 4; i++) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                using var image = Pictures.Decode(damaged[..random.Next(1, damaged.Length + 1)]);
                Assert.That(image.Pixels.Length, Is.EqualTo(image.Width * image.Height * 4));
            }
            catch (ArgumentException e)
            {
                Assert.That(e.Message, Is.Not.Empty);
            }
        }
    }

    [Test]
    public void DecodingOnSeveralThreads() => Parallel.For(0, 200, _ =>
    {
        using var image = Pictures.Decode(File.ReadAllBytes(Pictures.Golden("colour.jpg")));
        if (image.Rgb(0, 0)[0] < 250) throw new InvalidOperationException("not red");
    });

    private static byte[] Png()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".png");
        try
        {
            Pictures.Of(2, 1, 2, 3, 4, 5, 6).Save(path);
            return File.ReadAllBytes(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
