using Microsoft.ML.PaT.Core;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Data;

/// <summary>
/// TrivialAugment (Müller and Hutter, ICCV 2021), the wide variant: applies one of 14 operations to each image, with
/// one of 31 strengths, both drawn uniformly. It has no parameters.
/// </summary>
internal static class TrivialAugment
{
    private const int Steps = 31;
    private const double WidestFactor = 0.99, WidestShift = 32, WidestAngle = 135 * Math.PI / 180, PosterizedBits = 6;

    private enum Operation
    {
        Identity, ShearX, ShearY, TranslateX, TranslateY, Rotate, Brightness, Saturation, Contrast, Sharpness,
        Posterize, Solarize, AutoContrast, Equalize,
    }

    /// <summary>Changes a batch in place.</summary>
    /// <param name="images">float [N,3,H,W], 0 to 255.</param>
    /// <param name="generator">Random number generator.</param>
    public static void Change(Tensor images, Generator generator, BatchSlice of)
    {
        using var scope = NewDisposeScope();
        var operations = Drawn(Enum.GetValues<Operation>().Length);
        var strengths = Array.ConvertAll(Drawn(Steps), step => step / (double)(Steps - 1));
        var signs = Array.ConvertAll(Drawn(2), sign => 1.0 - 2 * sign);
        foreach (var group in Enumerable.Range(0, operations.Length).GroupBy(i => (Operation)operations[i]))
        {
            if (group.Key == Operation.Identity) continue;
            using var inner = NewDisposeScope();
            var rows = tensor(group.Select(i => (long)i).ToArray(), device: images.device);
            var changed = Apply(
                group.Key, images.index_select(0, rows), [.. group.Select(i => strengths[i])],
                [.. group.Select(i => signs[i])]);
            images.index_copy_(0, rows, changed);
        }

        long[] Drawn(long below) =>
            of.Of(RandomDraws.Whole(generator, CPU, below, of.Total), 0).contiguous().data<long>().ToArray();
    }

    private static Tensor Apply(Operation operation, Tensor images, double[] strengths, double[] signs)
    {
        var signed = strengths.Zip(signs, (strength, sign) => strength * sign).ToArray();
        return operation switch
        {
            Operation.ShearX => ImageWarp.Shear(images, Scaled(signed, WidestFactor), Scaled(signed, 0)),
            Operation.ShearY => ImageWarp.Shear(images, Scaled(signed, 0), Scaled(signed, WidestFactor)),
            Operation.TranslateX => ImageWarp.Translate(images, Scaled(signed, WidestShift), Scaled(signed, 0)),
            Operation.TranslateY => ImageWarp.Translate(images, Scaled(signed, 0), Scaled(signed, WidestShift)),
            Operation.Rotate => ImageWarp.Rotate(images, Scaled(signed, WidestAngle)),
            Operation.Brightness => ImageTones.Brightness(images, Factors()),
            Operation.Saturation => ImageTones.Saturation(images, Factors()),
            Operation.Contrast => ImageTones.Contrast(images, Factors()),
            Operation.Sharpness => ImageTones.Sharpness(images, Factors()),
            Operation.Posterize => ImageTones.Posterize(
                images, Each(strengths, strength => Math.Pow(2, Math.Round(PosterizedBits * strength)))),
            Operation.Solarize => ImageTones.Solarize(images, Each(strengths, strength => 255 * (1 - strength))),
            Operation.AutoContrast => ImageTones.AutoContrast(images),
            Operation.Equalize => ImageTones.Equalize(images),
            _ => throw new ArgumentOutOfRangeException(nameof(operation)),
        };

        Tensor Factors() => Each(signed, x => 1 + WidestFactor * x);

        Tensor Scaled(double[] values, double widest) => Each(values, x => widest * x);

        Tensor Each(double[] values, Func<double, double> map) =>
            tensor(Array.ConvertAll(values, x => (float)map(x)), device: images.device).view(-1, 1, 1, 1);
    }
}
