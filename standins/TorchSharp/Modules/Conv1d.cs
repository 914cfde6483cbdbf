using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>Convolution of [N,C,L].</summary>
    public sealed class Conv1d : Convolution
    {
        internal Conv1d(ConvolutionShape shape, Device? device, ScalarType? dtype) : base(nameof(Conv1d), shape, device, dtype) { }

        public Parameter weight { get => Weight; set => Weight = value; }
        public Parameter? bias { get => Bias; set => Bias = value; }

        public override Tensor forward(Tensor input) => PadAndConvolve(input);

        private protected override Tensor Convolve(Tensor input, long[] padding) => functional.conv1d(input, weight, bias, Shape.Stride[0], padding[0], Shape.Dilation[0], Shape.Groups);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Conv1d Conv1d(long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null)
                => new(new(in_channels, out_channels, [kernel_size], [stride], [padding], [dilation], groups, padding_mode, bias), device, dtype);

            public static Modules.Conv1d Conv1d(long in_channels, long out_channels, long kernel_size, Padding padding, long stride = 1, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null)
                => new(Modules.ConvolutionShape.WithPadding(padding, new(in_channels, out_channels, [kernel_size], [stride], [0], [dilation], groups, padding_mode, bias)), device, dtype);
        }
    }
}
