using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>Zeros around [N,C,H,W].</summary>
    public sealed class ZeroPad2d : Module<Tensor, Tensor>
    {
        private readonly long[] _padding;

        internal ZeroPad2d(long[] padding) : base(nameof(ZeroPad2d))
        {
            _padding = padding;
        }

        public override Tensor forward(Tensor tensor) => functional.pad(tensor, _padding, PaddingModes.Constant);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.ZeroPad2d ZeroPad2d(long padding) => new([padding, padding, padding, padding]);
            public static Modules.ZeroPad2d ZeroPad2d((long, long, long, long) padding) => new([padding.Item1, padding.Item2, padding.Item3, padding.Item4]);
        }
    }
}
