using Microsoft.ML.PaT.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Each operation against its definition.</summary>
public class TrivialAugmentTests
{
    private DisposeScope _scope = null!;
    private Tensor _images = null!;

    [SetUp]
    public void Draw()
    {
        _scope = NewDisposeScope();
        using var generator = new Generator(1);
        _images = randint(0, 256, [2, 3, 6, 8], generator: generator).to(float32);
    }

    [TearDown]
    public void Free() => _scope.Dispose();

    [Test]
    public void Translation_moves_by_whole_pixels_and_leaves_black()
    {
        var moved = ImageWarp.Translate(_images, Amount(3, 0), Amount(0, -2));
        Same(moved[0].narrow(2, 3, 5), _images[0].narrow(2, 0, 5));
        Same(moved[0].narrow(2, 0, 3), zeros(3, 6, 3));
        Same(moved[1].narrow(1, 0, 4), _images[1].narrow(1, 2, 4));
        Same(moved[1].narrow(1, 4, 2), zeros(3, 2, 8));
    }

    [Test]
    public void A_shear_moves_each_row_by_its_distance_from_the_middle()
    {
        // Rows are at -2.5 to 2.5: a shear by 0.4 moves them by -1 to 1, the middle ones by 0.2.
        var sheared = ImageWarp.Shear(_images, Amount(0.4, 0.4), Amount(0, 0));
        Same(sheared[0, .., 5, 1..], _images[0, .., 5, ..7]);
        Same(sheared[0, .., 0, ..7], _images[0, .., 0, 1..]);
        Same(sheared[0, .., 2], _images[0, .., 2]);
        Same(
            ImageWarp.Shear(_images.transpose(2, 3), Amount(0, 0), Amount(0.4, 0.4)), sheared.transpose(2, 3));
    }

    [Test]
    public void A_quarter_of_a_turn_is_exact()
    {
        var square = _images.narrow(3, 0, 6);
        var turned = ImageWarp.Rotate(square, Amount(Math.PI / 2, 0));
        Same(turned[0], square[0].rot90(-1, (1, 2))); // clockwise
        Same(turned[1], square[1]);
    }

    [Test]
    public void Factors_move_values_away_from_black_gray_and_smooth()
    {
        Same(ImageTones.Brightness(_images, Amount(0.5, 1)), stack([_images[0] / 2, _images[1]]));
        var gray = 0.299 * _images[0, 0] + 0.587 * _images[0, 1] + 0.114 * _images[0, 2];
        Same(ImageTones.Saturation(_images, Amount(0, 1)), stack([gray.expand(3, 6, 8), _images[1]]));
        Same(ImageTones.Contrast(_images, Amount(0, 1)), stack([gray.mean().expand(3, 6, 8), _images[1]]));
        var smooth = ImageTones.Sharpness(_images, Amount(0, 1));
        Same(smooth[1], _images[1]);
        Same(smooth[0, 0, 0], _images[0, 0, 0]);
        var around = _images[0, 0].narrow(0, 1, 3).narrow(1, 3, 3);
        Assert.That(
            smooth[0, 0, 2, 4].item<float>(),
            Is.EqualTo((around.sum() + 4 * around[1, 1]).item<float>() / 13).Within(1e-3));
    }

    [Test]
    public void Posterize_keeps_the_upper_bits_and_solarize_inverts_from_a_threshold()
    {
        Same(ImageTones.Posterize(_images, Amount(64, 1)), stack([(_images[0] / 64).floor() * 64, _images[1]]));
        Same(
            ImageTones.Solarize(_images, Amount(128, 0)),
            stack([where(_images[0] < 128, _images[0], 255 - _images[0]), 255 - _images[1]]));
    }

    [Test]
    public void Autocontrast_stretches_to_the_whole_range_and_equalize_spreads_evenly()
    {
        var ramp = arange(16).to(float32).view(1, 1, 4, 4) * 4 + 40;
        var images = cat([ramp, ramp, full([1, 1, 4, 4], 77f)], 1);
        var stretched = arange(16).to(float32).view(4, 4) * 17;
        Same(ImageTones.AutoContrast(images)[0, 0], stretched);
        Same(ImageTones.AutoContrast(images)[0, 2], images[0, 2]);
        // Sixteen values once each in 16 pixels: fewer than Pillow's 255 steps, so nothing changes.
        Same(ImageTones.Equalize(images), images);
        // 4 values, 256 pixels each: (1024 - 256) / 255 = 3 pixels a step; (3 / 2 + 256 k) / 3.
        var levels = arange(4).to(float32).repeat_interleave(256).view(1, 1, 32, 32) * 10;
        var equalized = ImageTones.Equalize(levels.expand(1, 3, 32, 32))[0, 0].flatten();
        Same(
            equalized[tensor(new long[] { 0, 256, 512, 768 })],
            tensor(new[] { 0f, 85, 171, 255 }));
    }

    [Test]
    public void The_same_draws_change_an_image_in_any_slice_of_the_batch()
    {
        var images = _images.repeat(32, 1, 1, 1);
        var whole = images.clone();
        using var generator = new Generator(7);
        TrivialAugment.Change(whole, generator, 64);
        using var again = new Generator(7);
        var half = images.narrow(0, 32, 32).clone();
        TrivialAugment.Change(half, again, new(64, 32, 32));
        Same(half, whole.narrow(0, 32, 32));
        var changed = (whole - images).abs().amax([1, 2, 3]).gt(0).sum().item<long>();
        Assert.That(changed, Is.InRange(40, 63), "one of 14 operations is none, and some have strength 0");
        Assert.That(whole.min().item<float>(), Is.GreaterThanOrEqualTo(0));
        Assert.That(whole.max().item<float>(), Is.LessThanOrEqualTo(255.01f));
    }

    private static Tensor Amount(double first, double second) =>
        tensor(new[] { (float)first, (float)second }).view(2, 1, 1, 1);

    private static void Same(Tensor actual, Tensor expected) => TensorAssert.Close(actual, expected, 1e-5);
}
