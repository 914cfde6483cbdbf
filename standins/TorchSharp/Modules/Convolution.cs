using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>What the convolutions share: weight, bias, and padding that is not zeros, which is applied before the convolution.</summary>
public abstract class Convolution : Module<Tensor, Tensor>
{
    [ComponentName(Name = "weight")] private Parameter? _weight;
    [ComponentName(Name = "bias")] private Parameter? _bias;

    private readonly PaddingModes _mode;
    private readonly long[] _border;

    protected long input_channels;

    private protected Convolution(string name, ConvolutionShape shape, Device? device, ScalarType? dtype) : base(name)
    {
        if (shape.In % shape.Groups != 0 || shape.Out % shape.Groups != 0)
            throw new ArgumentException($"{shape.Groups} groups do not divide {shape.In} input and {shape.Out} output channels.");
        Shape = shape;
        input_channels = shape.In;
        _mode = shape.Mode;
        // Padding is listed from the last dimension to the first.
        _border = [.. Enumerable.Range(0, shape.Kernel.Length).Reverse().SelectMany(shape.Border)];
        Weight = FanInWeight([.. shape.WeightChannels, .. shape.Kernel], device, dtype);
        if (shape.Bias) Bias = FanInBias(shape.Out, Weight, device, dtype);
    }

    private protected ConvolutionShape Shape { get; }

    private protected Parameter Weight { get => _weight!; set => Set("weight", ref _weight, value); }
    private protected Parameter? Bias { get => _bias; set => Set("bias", ref _bias, value); }

    private protected abstract Tensor Convolve(Tensor input, long[] padding);

    private protected Tensor PadAndConvolve(Tensor input)
    {
        if (_mode == PaddingModes.Zeros && !Shape.Same) return Convolve(input, Shape.Padding);
        using var padded = functional.pad(input, _border, _mode == PaddingModes.Zeros ? PaddingModes.Constant : _mode);
        return Convolve(padded, new long[Shape.Kernel.Length]);
    }
}
