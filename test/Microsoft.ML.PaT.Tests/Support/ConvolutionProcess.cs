using Microsoft.ML.PaT.Internal;
using Microsoft.ML.PaT.Modeling;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

/// <summary>
/// A process that may have narrower instructions than the machine; compares convolutions and their gradients with those
/// in float64, which oneDNN does not compute.
/// </summary>
internal static class ConvolutionProcess
{
    private static readonly int[] s_widths = [.. Enumerable.Range(1, 18), 24, 31, 32, 33, 64, 100];

    public static int Main()
    {
        TorchLibrary.Require();
        foreach (var threads in new[] { 1, 3 })
        {
            torch.set_num_threads(threads);
            foreach (var width in s_widths)
            {
                foreach (var (size, stride) in new[] { (32, 2), (16, 2), (15, 3), (15, 2) })
                    Check(width, kernel: 1, size, stride, images: 4 + (width + size) % 4, channelsLast: true);
            }
        }
        foreach (var width in s_widths)
        {
            foreach (var channelsLast in new[] { true, false }) Check(width, kernel: 3, 8, 1, images: 5, channelsLast);
        }
        Console.WriteLine("right");
        return 0;
    }

    private static void Check(int width, int kernel, int size, int stride, int images, bool channelsLast)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(1);
        var input = channelsLast
            ? torch.randn(images, size, size, width, generator: generator).permute(0, 3, 1, 2)
            : torch.randn(images, width, size, size, generator: generator);
        var weight = torch.randn(9, width, kernel, kernel, generator: generator);
        var layer = new ConvolutionLayer("x", ["a"], width, 9, kernel, stride, Padding: kernel / 2, Bias: false);
        var exact = Gradients(layer, input.to(torch.float64), weight.to(torch.float64), Precision.Float32);
        foreach (var (precision, tolerance) in new[] { (Precision.Float32, 1e-5), (Precision.Bfloat16, 0.02) })
        {
            var (output, ofInput, ofWeight) = Gradients(layer, input, weight, precision);
            TensorAssert.Close(output, exact.Output, tolerance);
            TensorAssert.Close(ofInput, exact.OfInput, tolerance);
            TensorAssert.Close(ofWeight, exact.OfWeight, tolerance);
        }
    }

    private static (torch.Tensor Output, torch.Tensor OfInput, torch.Tensor OfWeight) Gradients(
        ConvolutionLayer layer, torch.Tensor input, torch.Tensor weight, Precision precision)
    {
        (input, weight) = (input.detach().requires_grad_(), weight.detach().requires_grad_());
        var output = layer.Forward(new(
            [input], new Dictionary<string, torch.Tensor> { ["x.weight"] = weight }, training: true, inPlace: false,
            noise: null, precision: ComputePrecision.Of(precision)));
        using var generator = new torch.Generator(2);
        output.mul(torch.randn(output.shape, generator: generator).to(output.dtype)).sum().backward();
        return (output, input.grad!, weight.grad!);
    }
}
