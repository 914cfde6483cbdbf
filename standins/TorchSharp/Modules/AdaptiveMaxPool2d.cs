using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>Largest values of windows such that [N,C,H,W] becomes [N,C,size].</summary>
    public sealed class AdaptiveMaxPool2d : Module<Tensor, Tensor>
    {
        private readonly long[] _output_size;

        internal AdaptiveMaxPool2d(long[] output_size) : base(nameof(AdaptiveMaxPool2d))
        {
            _output_size = output_size;
        }

        public override Tensor forward(Tensor tensor) => functional.adaptive_max_pool2d(tensor, _output_size);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.AdaptiveMaxPool2d AdaptiveMaxPool2d(long[] output_size) => new(output_size);
        }
    }
}
