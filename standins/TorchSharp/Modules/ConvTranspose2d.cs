using TorchSharp.Interop;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>The transpose of a convolution of [N,C,H,W].</summary>
    public sealed class ConvTranspose2d : Convolution
    {
        private readonly long[] _outputPadding;

        internal ConvTranspose2d(ConvolutionShape shape, long[] outputPadding, Device? device, ScalarType? dtype) : base(nameof(ConvTranspose2d), shape, device, dtype)
            => _outputPadding = outputPadding;

        public Parameter weight { get => Weight; set => Weight = value; }
        public Parameter? bias { get => Bias; set => Bias = value; }

        public override Tensor forward(Tensor input) => PadAndConvolve(input);

        private protected override Tensor Convolve(Tensor input, long[] padding)
            => Op.Call("conv_transpose2d.input", input, weight, bias, Shape.Stride, padding, _outputPadding, Shape.Groups, Shape.Dilation);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.ConvTranspose2d ConvTranspose2d(long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long output_padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null)
                => ConvTranspose2d(in_channels, out_channels, (kernel_size, kernel_size), (stride, stride), (padding, padding), (output_padding, output_padding), (dilation, dilation), padding_mode, groups, bias, device, dtype);

            public static Modules.ConvTranspose2d ConvTranspose2d(long in_channels, long out_channels, (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, (long, long)? output_padding = null, (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null)
            {
                if (padding_mode != PaddingModes.Zeros) throw new ArgumentException("A transposed convolution pads with zeros only.", nameof(padding_mode));
                var shape = new Modules.ConvolutionShape(in_channels, out_channels, functional.Pair(kernel_size), functional.Pair(stride, 1), functional.Pair(padding, 0), functional.Pair(dilation, 1), groups, padding_mode, bias) { Transposed = true };
                return new(shape, functional.Pair(output_padding, 0), device, dtype);
            }
        }
    }
}
