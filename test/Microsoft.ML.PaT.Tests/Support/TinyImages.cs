using Microsoft.ML.PaT.Data;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

/// <summary>
/// Images that a tiny network learns in a few epochs: each class has a bright band at its own place, plus noise.
/// </summary>
internal static class TinyImages
{
    public static ImageDataset Store(int count, int classes = 3, int size = 8, int seed = 1, float[]? weights = null)
    {
        using var scope = torch.NewDisposeScope();
        var random = new Random(seed);
        var pixels = new byte[count * 3 * size * size];
        var labels = new long[count];
        random.NextBytes(pixels);
        for (var i = 0; i < count; i++)
        {
            labels[i] = i % classes;
            for (var p = 0; p < 3 * size * size; p++)
            {
                var row = p / size % size;
                ref var pixel = ref pixels[i * 3 * size * size + p];
                pixel = (byte)(pixel / 3 + (row * classes / size == labels[i] ? 170 : 0));
            }
        }
        return new ImageDataset(
            torch.tensor(pixels).reshape(count, 3, size, size),
            torch.tensor(labels),
            [.. Enumerable.Range(0, classes).Select(c => $"class {c}")],
            weights is null ? null : torch.tensor(weights));
    }

    public static ImageDataset OnDisk(ImageDataset store, string path)
    {
        AtomicFile.Write(path, stream => ImageCacheFile.Write(stream, store.Shape, sink => Fill(store, sink)));
        return ImageCacheFile.Open(path, store.Shape, store.Classes, CancellationToken.None).Images;
    }

    public static ImageCacheIndex Fill(ImageDataset store, ImageSink sink)
    {
        var labels = store.Labels.data<long>().ToArray();
        for (var i = 0; i < store.Count; i++)
        {
            using var image = store.Read(i, 1);
            sink.Add(image.bytes, (int)labels[i], store.WeightValues[i]);
        }
        return new(["row 7: it is empty"], 1);
    }
}
