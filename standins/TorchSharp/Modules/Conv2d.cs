using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>Convolution of [N,C,H,W].</summary>
    public sealed class Conv2d : Convolution
    {
        internal Conv2d(ConvolutionShape shape, Device? device, ScalarType? dtype) : base(nameof(Conv2d), shape, device, dtype) { }

        public Parameter weight { get => Weight; set => Weight = value; }
        public Parameter? bias { get => Bias; set => Bias = value; }

        public override Tensor forward(Tensor input) => PadAndConvolve(input);

        private protected override Tensor Convolve(Tensor input, long[] padding) => functional.conv2d(input, weight, bias, Shape.Stride, padding, Shape.Dilation, Shape.Groups);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Conv2d Conv2d(long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null)
                => Conv2d(in_channels, out_channels, (kernel_size, kernel_size), (stride, stride), (padding, padding), (dilation, dilation), padding_mode, groups, bias, device, dtype);

            public static Modules.Conv2d Conv2d(long in_channels, long out_channels, (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null)
                => new(new(in_channels, out_channels, functional.Pair(kernel_size), functional.Pair(stride, 1), functional.Pair(padding, 0), functional.Pair(dilation, 1), groups, padding_mode, bias), device, dtype);

            public static Modules.Conv2d Conv2d(long in_channels, long out_channels, long kernel_size, Padding padding, long stride = 1, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null)
                => Conv2d(in_channels, out_channels, (kernel_size, kernel_size), padding, (stride, stride), (dilation, dilation), padding_mode, groups, bias, device, dtype);

            public static Modules.Conv2d Conv2d(long in_channels, long out_channels, (long, long) kernel_size, Padding padding, (long, long)? stride = null, (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null)
                => new(Modules.ConvolutionShape.WithPadding(padding, new(in_channels, out_channels, functional.Pair(kernel_size), functional.Pair(stride, 1), [0, 0], functional.Pair(dilation, 1), groups, padding_mode, bias)), device, dtype);
        }
    }
}
