using System.Runtime.InteropServices;
using Microsoft.ML.PaT.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Tests;

public class BatchMixingTests
{
    private static readonly ImageShape s_shape = new(3, 9, 7);

    [TestCase(0.4, 0)]
    [TestCase(0, 1)]
    [TestCase(0.4, 1)]
    public void Label_fraction_equals_pixel_fraction(double mixup, double cutmix)
    {
        const int n = 64;
        using var scope = NewDisposeScope();
        using var mixing = BatchMixing.Of(mixup, cutmix, s_shape, n, CPU)!;
        using var generator = new Generator(3);
        // Image i has color i and class i, so a pixel identifies the two images and their fractions.
        var labels = arange(n, dtype: int64);
        var colors = labels.to(float32).view(n, 1, 1, 1).expand(n, 3, s_shape.Height, s_shape.Width).contiguous();
        var (mixed, targets, _) = mixing.Mix(colors, labels, null, generator);
        Assert.That(mixed.shape, Is.EqualTo(colors.shape));
        var (pixels, probabilities) = (Values(mixed), Values(targets));
        var (whole, parts) = (0, 0);
        for (var i = 0; i < n; i++)
        {
            var other = (i + n - 1) % n;
            var own = probabilities[i * n + i];
            Assert.That(probabilities[i * n + other], Is.EqualTo(1 - own).Within(1e-6));
            Assert.That(probabilities.Skip(i * n).Take(n).Sum(), Is.EqualTo(1).Within(1e-6));
            var image = pixels[(i * s_shape.Size)..((i + 1) * s_shape.Size)];
            Assert.That(image.Average(), Is.EqualTo(own * i + (1 - own) * other).Within(1e-3));
            if (image.Distinct().Count() == 1 && image[0] != i && image[0] != other) whole++;
            else
            {
                Assert.That(image, Has.All.EqualTo(i).Or.EqualTo(other));
                parts++;
            }
        }
        Assert.That(whole, mixup > 0 ? Is.GreaterThan(10) : Is.Zero);
        Assert.That(parts, cutmix > 0 ? Is.GreaterThan(10) : Is.LessThan(10));
    }

    [Test]
    public void Pasted_region_is_one_rectangle_of_the_requested_area_or_its_part_inside()
    {
        const int n = 200;
        using var scope = NewDisposeScope();
        using var boxes = new RandomBoxes(s_shape, CPU);
        using var generator = new Generator(4);
        var inside = boxes.Draw(n, tensor(new[] { 4L }), tensor(new[] { 3L }), generator);
        var bits = inside.bytes.ToArray();
        var areas = new HashSet<int>();
        for (var i = 0; i < n; i++)
        {
            var set = Enumerable.Range(0, 63)
                .Where(p => bits[i * 63 + p] != 0)
                .Select(p => (Row: p / 7, Column: p % 7))
                .ToArray();
            var (rows, columns) =
                (set.Max(p => p.Row) - set.Min(p => p.Row) + 1, set.Max(p => p.Column) - set.Min(p => p.Column) + 1);
            Assert.That(set, Has.Length.EqualTo(rows * columns));
            Assert.That(rows, Is.InRange(1, 4));
            Assert.That(columns, Is.InRange(1, 3));
            areas.Add(set.Length);
        }
        Assert.That(areas, Has.Some.EqualTo(12).And.Some.LessThan(12));
    }

    [Test]
    public void The_layout_stays_and_the_same_generator_mixes_alike()
    {
        using var scope = NewDisposeScope();
        using var mixing = BatchMixing.Of(1, 1, s_shape, 2, CPU)!;
        var batch = rand(new long[] { 6, 3, 9, 7 });
        var labels = tensor(new long[] { 0, 1, 0, 1, 0, 1 });
        var last = batch.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
        var a = Mix(batch);
        var b = Mix(last);
        Assert.That(b.stride(), Is.EqualTo(last.stride()));
        Assert.That(a.stride(), Is.EqualTo(batch.stride()));
        Assert.That(b.contiguous().bytes.SequenceEqual(a.bytes), Is.True);

        Tensor Mix(Tensor images)
        {
            using var generator = new Generator(8);
            return mixing.Mix(images, labels, null, generator).Images;
        }
    }

    [Test]
    public void Both_images_of_a_pair_keep_their_weights()
    {
        const int n = 6;
        using var scope = NewDisposeScope();
        using var mixing = BatchMixing.Of(0.4, 1, s_shape, n, CPU)!;
        var (images, labels) = (rand(new long[] { n, 3, 9, 7 }), arange(n, dtype: int64));
        float[] given = [0, 0, 2, 0.5f, 1, 3];
        var (_, plain, none) = Mix(null);
        var (_, targets, weights) = Mix(tensor(given));
        Assert.That(none, Is.Null);
        var (parts, weighted) = (Values(plain), Values(targets * weights!.unsqueeze(1)));
        for (var i = 0; i < n * n; i++)
            Assert.That(weighted[i], Is.EqualTo(parts[i] * given[i % n]).Within(1e-6), $"pair {i / n}, class {i % n}");
        // The loss is the sum of the weighted losses of both labels; a pair without weight has none.
        var logits = rand(n, n);
        var losses = nn.functional.cross_entropy(logits, targets, reduction: nn.Reduction.None) * weights;
        var logarithms = nn.functional.log_softmax(logits, 1);
        var expected = -(plain * tensor(given) * logarithms).sum([1]);
        Assert.That(Values(losses), Is.EqualTo(Values(expected)).Within(1e-5));
        Assert.That(Values(losses)[1], Is.Zero, "images 0 and 1 have no weight");

        (Tensor, Tensor, Tensor?) Mix(Tensor? weights)
        {
            using var generator = new Generator(8);
            return mixing.Mix(images, labels, weights, generator);
        }
    }

    [Test]
    public void The_loss_takes_fractions_of_classes_and_smooths_them()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new[] { 1f, -2f, 0.5f }).view(1, 3);
        var targets = tensor(new[] { 0.7f, 0.3f, 0f }).view(1, 3);
        var loss = nn.functional.cross_entropy(logits, targets, label_smoothing: 0.1).item<float>();
        double[] x = [1, -2, 0.5], t = [0.7, 0.3, 0];
        var normalizer = Math.Log(x.Sum(Math.Exp));
        Assert.That(
            loss,
            Is.EqualTo(-Enumerable.Range(0, 3).Sum(i => (0.9 * t[i] + 0.1 / 3) * (x[i] - normalizer))).Within(1e-6));
    }

    [Test]
    public void Without_the_options_there_is_none() => Assert.That(BatchMixing.Of(0, 0, s_shape, 3, CPU), Is.Null);

    private static float[] Values(Tensor tensor) =>
        MemoryMarshal.Cast<byte, float>(tensor.contiguous().bytes).ToArray();
}
