using TorchSharp.Interop;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>The mean of each window of [N,C,H,W].</summary>
    public sealed class AvgPool2d : Module<Tensor, Tensor>
    {
        private readonly long[] _kernel_size;
        private readonly long[] _stride;
        private readonly long[] _padding;
        private readonly bool _ceil_mode;
        private readonly bool _count_include_pad;
        private readonly long? _divisor_override;

        internal AvgPool2d(long[] kernel_size, long[] stride, long[] padding, bool ceil_mode, bool count_include_pad, long? divisor_override) : base(nameof(AvgPool2d))
        {
            _kernel_size = kernel_size;
            _stride = stride;
            _padding = padding;
            _ceil_mode = ceil_mode;
            _count_include_pad = count_include_pad;
            _divisor_override = divisor_override;
        }

        public override Tensor forward(Tensor tensor) => Op.Call("avg_pool2d", tensor, _kernel_size, _stride, _padding, _ceil_mode, _count_include_pad, _divisor_override);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.AvgPool2d AvgPool2d(long kernel_size, long? stride = null, long? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null)
                => new([kernel_size, kernel_size], functional.Pair(stride, kernel_size), functional.Pair(padding, 0), ceil_mode, count_include_pad, divisor_override);

            public static Modules.AvgPool2d AvgPool2d((long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null)
                => new(functional.Pair(kernel_size), functional.Pair(stride ?? kernel_size), functional.Pair(padding, 0), ceil_mode, count_include_pad, divisor_override);

            public static Modules.AvgPool2d AvgPool2d(long[] kernel_size, long[]? stride = null, long[]? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null)
                => new(kernel_size, stride ?? kernel_size, padding ?? [0], ceil_mode, count_include_pad, divisor_override);
        }
    }
}
