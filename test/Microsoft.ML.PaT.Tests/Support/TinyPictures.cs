using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Pictures that a tiny network learns in a few epochs: each class has a bright band in its own place, under noise.</summary>
internal static class TinyPictures
{
    public static PictureStore Store(int count, int classes = 3, int size = 8, int seed = 1)
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
        return new(torch.tensor(pixels).reshape(count, 3, size, size), torch.tensor(labels), [.. Enumerable.Range(0, classes).Select(c => $"class {c}")]);
    }
}
