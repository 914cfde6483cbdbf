using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>A value around [N,C,H,W].</summary>
    public sealed class ConstantPad2d : Module<Tensor, Tensor>
    {
        private readonly long[] _padding;
        private readonly double _value;

        internal ConstantPad2d(long[] padding, double value) : base(nameof(ConstantPad2d))
        {
            _padding = padding;
            _value = value;
        }

        public override Tensor forward(Tensor tensor) => functional.pad(tensor, _padding, PaddingModes.Constant, _value);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.ConstantPad2d ConstantPad2d(long padding, double value) => new([padding, padding, padding, padding], value);
            public static Modules.ConstantPad2d ConstantPad2d((long, long, long, long) padding, double value) => new([padding.Item1, padding.Item2, padding.Item3, padding.Item4], value);
        }
    }
}
