using System.Runtime.InteropServices;
using Microsoft.ML.PaT.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Tests;

/// <summary>
/// Color jitter, random erasing and enlarged crops against their formulas, with the random numbers drawn again.
/// </summary>
public class RandomVariationTests
{
    private static readonly Normalization s_none = new([0, 0, 0], [1f / 255, 1f / 255, 1f / 255]);

    [TestCase("brightness")]
    [TestCase("contrast")]
    [TestCase("saturation")]
    public void Colors_follow_their_formula(string what)
    {
        const int n = 8, plane = 6;
        const double strength = 0.8;
        using var scope = NewDisposeScope();
        var before = (rand(new long[] { n, 3, 2, 3 }) * 255).round();
        var images = before.clone();
        using var colors = new RandomColors(
            new()
            {
                Brightness = what == "brightness" ? strength : 0,
                Contrast = what == "contrast" ? strength : 0,
                Saturation = what == "saturation" ? strength : 0,
            },
            CPU);
        using (var generator = new Generator(2)) colors.Change(images, generator);
        using var again = new Generator(2);
        var factors =
            Values(RandomDraws.Uniform(again, CPU, n, 1, 1, 1)).Select(u => 1 + (2 * u - 1) * strength).ToArray();
        var (old, now) = (Values(before), Values(images));
        for (var i = 0; i < n; i++)
        {
            double Gray(int p) =>
                0.299 * old[i * 18 + p] + 0.587 * old[i * 18 + plane + p] + 0.114 * old[i * 18 + 2 * plane + p];
            var mean = Enumerable.Range(0, plane).Average(Gray);
            for (var v = 0; v < 18; v++)
            {
                var around = what switch { "brightness" => 0, "contrast" => mean, _ => Gray(v % plane) };
                Assert.That(
                    now[i * 18 + v],
                    Is.EqualTo(Math.Clamp(around + (old[i * 18 + v] - around) * factors[i], 0, 255)).Within(1e-3));
            }
        }
        Assert.That(factors.Max() - factors.Min(), Is.GreaterThan(0.5));
    }

    [Test]
    public void Gray_images_have_no_saturation_to_change()
    {
        using var scope = NewDisposeScope();
        using var colors = new RandomColors(new() { Saturation = 1 }, CPU);
        using var generator = new Generator(1);
        var gray = full([4, 3, 2, 2], 77f);
        colors.Change(gray, generator);
        Assert.That(Values(gray), Has.All.EqualTo(77).Within(1e-3));
    }

    [Test]
    public void A_blank_square_has_the_mean_color_and_the_rest_is_as_it_was()
    {
        var shape = new ImageShape(3, 12, 12);
        using var scope = NewDisposeScope();
        using var augmentation = new BatchAugmentation(
            shape,
            new() { RandomCropPadding = 0, HorizontalFlip = false, Cutout = 4 },
            new([0.5f, 0.5f, 0.5f], [0.25f, 0.25f, 0.25f]),
            CPU,
            channelsLast: true);
        using var generator = new Generator(1);
        var batch = full([50, 3, 12, 12], 255, dtype: uint8);
        var values = Values(augmentation.Augment(batch, generator).contiguous());
        Assert.That(values, Has.All.EqualTo(0).Or.EqualTo(2).Within(1e-5));
        for (var i = 0; i < 50; i++)
        {
            var blank = values.Skip(i * 432).Take(144).Count(v => v == 0);
            Assert.That(blank, Is.InRange(4, 16)); // a corner of it at least
            Assert.That(values.Skip(i * 432 + 144).Take(144).Count(v => v == 0), Is.EqualTo(blank), "in all colors");
        }
        Assert.That(
            Enumerable.Range(0, 50).Select(i => values.Skip(i * 432).Take(144).Count(v => v == 0)),
            Has.Some.EqualTo(16));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void An_enlarged_crop_of_a_gradient_is_the_gradient_between_its_edges(bool flip)
    {
        const int n = 40, side = 16;
        const double least = 0.25;
        using var scope = NewDisposeScope();
        // Red is the column of a pixel and green its row, at the center: linear, so bilinear interpolation is exact
        // except in the outermost half pixel.
        var columns = (arange(side, dtype: float32) + 0.5).view(1, 1, 1, side).expand(n, 1, side, side);
        var images = cat([columns, columns.transpose(2, 3), zeros(n, 1, side, side)], 1).contiguous();
        Tensor crops;
        using (var generator = new Generator(6)) crops = RandomResizedCrop.Of(images, least, flip, generator);
        using var again = new Generator(6);
        var u = Values(RandomDraws.Uniform(again, CPU, 5, n));
        var values = Values(crops);
        var mirrored = 0;
        for (var i = 0; i < n; i++)
        {
            var (area, stretch) = (least + u[i] * (1 - least), Math.Pow(4.0 / 3, 2 * u[n + i] - 1));
            var (high, wide) = (Math.Min(1, Math.Sqrt(area / stretch)), Math.Min(1, Math.Sqrt(area * stretch)));
            var turned = flip && u[4 * n + i] >= 0.5;
            if (turned) mirrored++;
            for (var p = 0; p < side * side; p++)
            {
                var (row, column) = ((p / side + 0.5) / side, (p % side + 0.5) / side);
                if (turned) column = 1 - column;
                var (x, y) = (
                    side * (u[3 * n + i] * (1 - wide) + column * wide),
                    side * (u[2 * n + i] * (1 - high) + row * high));
                Assert.That(values[i * 3 * side * side + p], Is.EqualTo(Math.Clamp(x, 0.5, side - 0.5)).Within(1e-3));
                Assert.That(
                    values[i * 3 * side * side + side * side + p],
                    Is.EqualTo(Math.Clamp(y, 0.5, side - 0.5)).Within(1e-3));
            }
        }
        Assert.That(mirrored, flip ? Is.InRange(10, 30) : Is.Zero);
    }

    [Test]
    public void All_together_keep_shape_and_layout_and_leave_one_tensor()
    {
        var shape = new ImageShape(3, 8, 10);
        var options = new ImageOptions
        {
            RandomResizedCropMinScale = 0.3,
            ColorJitter = new() { Brightness = 0.5, Contrast = 0.5, Saturation = 0.5 },
            Cutout = 2,
        };
        using var last = new BatchAugmentation(shape, options, s_none, CPU, channelsLast: true);
        using var first = new BatchAugmentation(shape, options, s_none, CPU, channelsLast: false);
        using var scope = NewDisposeScope();
        var batch = randint(0, 256, [4, 3, 8, 10], dtype: uint8);
        var before = scope.DisposablesCount;
        using var generator = new Generator(1);
        var a = last.Augment(batch, generator);
        Assert.That(scope.DisposablesCount, Is.EqualTo(before + 1));
        Assert.That((a.shape, a.stride()), Is.EqualTo((new long[] { 4, 3, 8, 10 }, new long[] { 240, 1, 30, 3 })));
        using var again = new Generator(1);
        var b = first.Augment(batch, again);
        TensorAssert.Close(a.contiguous(), b, 1e-4);
    }

    private static float[] Values(Tensor tensor) =>
        MemoryMarshal.Cast<byte, float>(tensor.contiguous().bytes).ToArray();
}
