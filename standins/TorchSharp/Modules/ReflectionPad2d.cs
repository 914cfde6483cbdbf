using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>Mirrors [N,C,H,W] at its edges.</summary>
    public sealed class ReflectionPad2d : Module<Tensor, Tensor>
    {
        private readonly long[] _padding;

        internal ReflectionPad2d(long[] padding) : base(nameof(ReflectionPad2d))
        {
            _padding = padding;
        }

        public override Tensor forward(Tensor tensor) => functional.pad(tensor, _padding, PaddingModes.Reflect);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.ReflectionPad2d ReflectionPad2d(long padding) => new([padding, padding, padding, padding]);
            public static Modules.ReflectionPad2d ReflectionPad2d((long, long, long, long) padding) => new([padding.Item1, padding.Item2, padding.Item3, padding.Item4]);
        }
    }
}
