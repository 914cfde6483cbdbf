using System.Runtime.InteropServices;
using Microsoft.ML.PaT.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Tests;

public class BatchAugmentationTests
{
    private static readonly Normalization s_none = new([0, 0, 0], [1f / 255, 1f / 255, 1f / 255]);

    [TestCase(5, 7, 2, true)]
    [TestCase(7, 5, 2, false)]
    [TestCase(4, 6, 0, true)]
    [TestCase(6, 4, 9, true)]
    public void Every_result_is_one_crop_of_the_padded_image_mirrored_or_not(
        int height, int width, int padding, bool flip)
    {
        var shape = new ImageShape(3, height, width);
        const int n = 64;
        var pixels = new byte[n * shape.Size];
        new Random(1).NextBytes(pixels);
        using var augmentation = new BatchAugmentation(
            shape, new() { RandomCropPadding = padding, HorizontalFlip = flip }, s_none, CPU, channelsLast: false);
        using var generator = new Generator(5);
        using var batch = tensor(pixels).reshape(n, 3, height, width);
        using var result = augmentation.Augment(batch, generator);

        var values = MemoryMarshal.Cast<byte, float>(result.bytes).ToArray();
        var seen = new HashSet<(int, int, bool)>();
        for (var i = 0; i < n; i++)
        {
            var found = false;
            for (var dy = 0; dy <= 2 * padding && !found; dy++)
            for (var dx = 0; dx <= 2 * padding && !found; dx++)
                foreach (var mirrored in flip ? new[] { false, true } : [false])
                {
                    found = Crop(pixels.AsSpan(i * shape.Size, shape.Size), shape, padding, dy, dx, mirrored)
                        .SequenceEqual(
                            values[(i * shape.Size)..((i + 1) * shape.Size)].Select(v => (byte)MathF.Round(v)));
                    if (found) seen.Add((dy, dx, mirrored));
                    if (found) break;
                }
            Assert.That(found, $"image {i} is not a crop of itself");
        }
        Assert.That(seen.Count, Is.GreaterThan(padding == 0 ? 1 : 5));
    }

    [Test]
    public void Padding_is_black_in_the_image_and_normalized_with_it()
    {
        var shape = new ImageShape(3, 2, 2);
        using var augmentation = new BatchAugmentation(
            shape,
            new() { RandomCropPadding = 64, HorizontalFlip = false },
            new([0.5f, 0.25f, 0], [0.5f, 0.5f, 1f]),
            CPU,
            channelsLast: false);
        using var generator = new Generator(1);
        using var batch = full([8, 3, 2, 2], 255, dtype: uint8);
        using var result = augmentation.Augment(batch, generator);
        var values = MemoryMarshal.Cast<byte, float>(result.bytes).ToArray();
        for (var i = 0; i < values.Length; i++)
        {
            var black = new[] { -1f, -0.5f, 0f }[i / 4 % 3];
            var white = new[] { 1f, 1.5f, 1f }[i / 4 % 3];
            Assert.That(values[i], Is.EqualTo(black).Within(1e-6).Or.EqualTo(white).Within(1e-6));
        }
        Assert.That(values.Count(v => v < 0), Is.GreaterThan(0));
    }

    [Test]
    public void Same_generator_state_gives_same_batch_without_the_global_generator()
    {
        var shape = new ImageShape(3, 8, 8);
        using var augmentation = new BatchAugmentation(shape, new(), s_none, CPU, channelsLast: false);
        using var batch = randint(0, 256, [16, 3, 8, 8], dtype: uint8);
        using var before = torch.random.get_rng_state();
        using var first = Once(1);
        using var again = Once(1);
        using var other = Once(2);
        using var after = torch.random.get_rng_state();
        Assert.That(first.bytes.SequenceEqual(again.bytes), Is.True);
        Assert.That(first.bytes.SequenceEqual(other.bytes), Is.False);
        Assert.That(before.bytes.SequenceEqual(after.bytes), Is.True);

        Tensor Once(ulong seed)
        {
            using var generator = new Generator(seed);
            return augmentation.Augment(batch, generator);
        }
    }

    [Test]
    public void Normalize_is_the_textbook_formula_and_channels_last_changes_only_the_memory()
    {
        var shape = new ImageShape(3, 4, 5);
        var normalization = new Normalization([0.4f, 0.5f, 0.6f], [0.2f, 0.3f, 0.4f]);
        using var rows = new BatchAugmentation(shape, new(), normalization, CPU, channelsLast: false);
        using var last = new BatchAugmentation(shape, new(), normalization, CPU, channelsLast: true);
        using var batch = randint(0, 256, [3, 3, 4, 5], dtype: uint8);
        using var a = rows.Normalize(batch);
        using var b = last.Normalize(batch);
        Assert.That(a.shape, Is.EqualTo(new long[] { 3, 3, 4, 5 }));
        Assert.That(b.shape, Is.EqualTo(a.shape));
        Assert.That(b.stride(), Is.EqualTo(new long[] { 60, 1, 15, 3 }));
        var (values, bytes) = (MemoryMarshal.Cast<byte, float>(a.bytes).ToArray(), batch.bytes.ToArray());
        for (var i = 0; i < values.Length; i++)
        {
            var c = i / 20 % 3;
            var expected = (bytes[i] / 255f - normalization.Mean[c]) / normalization.StandardDeviation[c];
            Assert.That(values[i], Is.EqualTo(expected).Within(1e-5));
        }
        using var copy = b.contiguous();
        Assert.That(copy.bytes.SequenceEqual(a.bytes), Is.True);
    }

    [Test]
    public void Augmenting_leaves_one_tensor_behind_the_result()
    {
        var shape = new ImageShape(3, 8, 8);
        using var augmentation = new BatchAugmentation(shape, new(), s_none, CPU, channelsLast: true);
        using var generator = new Generator(1);
        using var scope = NewDisposeScope();
        var batch = randint(0, 256, [4, 3, 8, 8], dtype: uint8);
        var before = scope.DisposablesCount;
        augmentation.Augment(batch, generator);
        Assert.That(scope.DisposablesCount, Is.EqualTo(before + 1));
    }

    private static IEnumerable<byte> Crop(
        ReadOnlySpan<byte> image, ImageShape shape, int padding, int dy, int dx, bool mirrored)
    {
        var result = new byte[shape.Size];
        for (var c = 0; c < shape.Channels; c++)
        for (var y = 0; y < shape.Height; y++)
        for (var x = 0; x < shape.Width; x++)
        {
            var row = y + dy - padding;
            var column = (mirrored ? shape.Width - 1 - x : x) + dx - padding;
            if (row >= 0 && row < shape.Height && column >= 0 && column < shape.Width)
            {
                result[(c * shape.Height + y) * shape.Width + x] =
                    image[(c * shape.Height + row) * shape.Width + column];
            }
        }
        return result;
    }
}
