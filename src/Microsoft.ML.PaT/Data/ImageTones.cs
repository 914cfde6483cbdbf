using Microsoft.ML.PaT.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Data;

/// <summary>
/// Changes the values of images, float [N,3,H,W], 0 to 255, by the definitions of Pillow. Amounts are [N,1,1,1]; a
/// factor of 1 changes nothing. Results are new tensors in the caller's dispose scope.
/// </summary>
internal static class ImageTones
{
    private const int Levels = 256;

    /// <summary>Luma weights of red, green and blue (ITU-R BT.601).</summary>
    private static readonly float[] s_luma = [0.299f, 0.587f, 0.114f];

    /// <summary>Pillow's kernel, 3x3.</summary>
    private static readonly float[] s_smooth = [.. new[] { 1, 1, 1, 1, 5, 1, 1, 1, 1 }.Select(x => x / 13f)];

    private static readonly Scalar s_white = 255.ToScalar();

    /// <summary>Brightness: the factor scales the distance from black.</summary>
    public static Tensor Brightness(Tensor images, Tensor factor) => images.mul(factor).clamp_(Scalars.Zero, s_white);

    /// <summary>Saturation: the factor scales the distance from the gray value of the same pixel.</summary>
    public static Tensor Saturation(Tensor images, Tensor factor) => Away(images, Gray, factor);

    /// <summary>Contrast: the factor scales the distance from the mean gray of the image.</summary>
    public static Tensor Contrast(Tensor images, Tensor factor) =>
        Away(images, x => Gray(x).mean([2, 3], true), factor);

    /// <summary>
    /// Sharpness: the factor scales the distance from the smoothed image. The outermost pixels are not smoothed.
    /// </summary>
    public static Tensor Sharpness(Tensor images, Tensor factor) => Away(images, Smooth, factor);

    /// <summary>Rounds down to multiples of a step.</summary>
    /// <param name="step">A power of 2.</param>
    public static Tensor Posterize(Tensor images, Tensor step)
    {
        using var scope = NewDisposeScope();
        return images.round().div_(step).floor_().mul_(step).MoveToOuterDisposeScope();
    }

    /// <summary>Inverts values at or above a threshold.</summary>
    public static Tensor Solarize(Tensor images, Tensor threshold)
    {
        using var scope = NewDisposeScope();
        return where(images.ge(threshold), images.neg().Plus_(255), images).MoveToOuterDisposeScope();
    }

    /// <summary>Stretches each channel to 0 to 255. A channel with one value does not change.</summary>
    public static Tensor AutoContrast(Tensor images)
    {
        using var scope = NewDisposeScope();
        var (least, most) = (images.amin([2, 3], true), images.amax([2, 3], true));
        var range = most.Plus(least, -1);
        var stretched = images.Plus(least, -1).mul_(range.reciprocal().Times_(255));
        return where(range.gt(Scalars.Zero), stretched, images).MoveToOuterDisposeScope();
    }

    /// <summary>Equalizes the histogram of each channel.</summary>
    public static Tensor Equalize(Tensor images)
    {
        using var scope = NewDisposeScope();
        var (n, channels, height, width) = (images.shape[0], images.shape[1], images.shape[2], images.shape[3]);
        var values = images.round().clamp_(Scalars.Zero, s_white).to(int64).reshape(n * channels, height * width);
        var histogram = zeros([n * channels, Levels], dtype: float32, device: images.device)
            .scatter_add_(1, values, ones_like(values, dtype: float32));
        var last = histogram.gather(1, values.amax([1], true));
        var step = last.neg().Plus_(height * width).Over_(255).floor_();
        var below = histogram.cumsum(1).Plus_(histogram, -1);
        var table = below.Plus_(step.Over(2).floor_()).div_(step).floor_().clamp_(Scalars.Zero, s_white);
        var equalized = where(step.gt(Scalars.Zero), table.gather(1, values), values.to(float32));
        return equalized.view(n, channels, height, width).MoveToOuterDisposeScope();
    }

    private static Tensor Away(Tensor images, Func<Tensor, Tensor> from, Tensor factor)
    {
        using var scope = NewDisposeScope();
        var origin = from(images);
        return images.Plus(origin, -1).mul_(factor).Plus_(origin).clamp_(Scalars.Zero, s_white)
            .MoveToOuterDisposeScope();
    }

    private static Tensor Gray(Tensor images) =>
        images.mul(tensor(s_luma, device: images.device).view(1, 3, 1, 1)).sum(1, true);

    private static Tensor Smooth(Tensor images)
    {
        var (n, channels, height, width) = (images.shape[0], images.shape[1], images.shape[2], images.shape[3]);
        if (height < 3 || width < 3) return images.clone();
        var kernel = tensor(s_smooth, device: images.device).view(1, 1, 3, 3);
        var inner = nn.functional.conv2d(images.reshape(n * channels, 1, height, width), kernel);
        var smooth = images.clone();
        smooth.narrow(2, 1, height - 2).narrow(3, 1, width - 2).copy_(inner.view(n, channels, height - 2, width - 2));
        return smooth;
    }
}
