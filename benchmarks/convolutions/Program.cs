using Microsoft.ML.PaT.Internal;
using TorchSharp;

// usage: THREADS FORMAT TYPE KERNEL STRIDE SIZE IMAGES [library]
// Compares convolutions of 31 x 31 combinations of channels, and their gradients, with float64. Prints, for outputs and
// both gradients, how many differ by more than 2% of the largest value. With "library", as Microsoft.ML.PaT sets
// libtorch.
if (args.Length > 7) TorchLibrary.Require();
torch.set_num_threads(int.Parse(args[0]));
var channelsLast = args[1] == "channels-last";
var type = args[2] == "bfloat16" ? torch.ScalarType.BFloat16 : torch.ScalarType.Float32;
var (kernel, stride, size, images) = (int.Parse(args[3]), int.Parse(args[4]), int.Parse(args[5]), int.Parse(args[6]));
int[] widths =
[
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 16, 17, 18, 20, 24, 25, 30, 31, 32, 33, 34, 40, 48, 63, 64, 65, 100,
];

var wrong = new int[3];
foreach (var inputs in widths)
{
    foreach (var outputs in widths)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(1);
        // Rounded to the type, so that only sums differ.
        var input = Random(generator, images, inputs, size, size).to(type);
        var weight = Random(generator, outputs, inputs, kernel, kernel).to(type);
        var exact = Computed(input.to(torch.float64), weight.to(torch.float64));
        foreach (var (i, values) in Computed(input, weight).Index())
        {
            var difference = (values.to(torch.float64) - exact[i]).abs().max().item<double>();
            if (!(difference <= 0.02 * exact[i].abs().max().item<double>())) wrong[i]++;
        }
    }
}
var all = widths.Length * widths.Length;
Console.WriteLine(
    $"{string.Join(' ', args)}: of {all}, outputs {wrong[0]}, of the input {wrong[1]}, of the weight {wrong[2]}");

torch.Tensor[] Computed(torch.Tensor input, torch.Tensor weight)
{
    (input, weight) = (input.detach().requires_grad_(), weight.detach().requires_grad_());
    var output = torch.nn.functional.conv2d(
        input, weight, strides: [stride, stride], padding: [kernel / 2, kernel / 2]);
    using var generator = new torch.Generator(2);
    output.backward([Random(generator, output.shape).to(type).to(output.dtype)]);
    return [output.detach(), input.grad!, weight.grad!];
}

torch.Tensor Random(torch.Generator generator, params long[] shape)
{
    if (!channelsLast) return torch.randn(shape, generator: generator);
    return torch.randn(shape[0], shape[2], shape[3], shape[1], generator: generator).permute(0, 3, 1, 2);
}
