using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>Repeats the edges of [N,C,H,W].</summary>
    public sealed class ReplicationPad2d : Module<Tensor, Tensor>
    {
        private readonly long[] _padding;

        internal ReplicationPad2d(long[] padding) : base(nameof(ReplicationPad2d))
        {
            _padding = padding;
        }

        public override Tensor forward(Tensor tensor) => functional.pad(tensor, _padding, PaddingModes.Replicate);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.ReplicationPad2d ReplicationPad2d(long padding) => new([padding, padding, padding, padding]);
            public static Modules.ReplicationPad2d ReplicationPad2d((long, long, long, long) padding) => new([padding.Item1, padding.Item2, padding.Item3, padding.Item4]);
        }
    }
}
