using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>The largest value of each window of [N,C,H,W].</summary>
    public sealed class MaxPool2d : Module<Tensor, Tensor>
    {
        private readonly long[] _kernel_size;
        private readonly long[] _stride;
        private readonly long[] _padding;
        private readonly long[] _dilation;
        private readonly bool _ceil_mode;

        internal MaxPool2d(long[] kernel_size, long[] stride, long[] padding, long[] dilation, bool ceil_mode) : base(nameof(MaxPool2d))
        {
            _kernel_size = kernel_size;
            _stride = stride;
            _padding = padding;
            _dilation = dilation;
            _ceil_mode = ceil_mode;
        }

        public override Tensor forward(Tensor tensor) => functional.max_pool2d(tensor, _kernel_size, _stride, _padding, _dilation, _ceil_mode);

        public (Tensor Values, Tensor Indices) forward_with_indices(Tensor tensor) => functional.max_pool2d_with_indices(tensor, _kernel_size, _stride, _padding, _dilation, _ceil_mode);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.MaxPool2d MaxPool2d(long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false)
                => new([kernel_size, kernel_size], functional.Pair(stride, kernel_size), functional.Pair(padding, 0), functional.Pair(dilation, 1), ceil_mode);

            public static Modules.MaxPool2d MaxPool2d((long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, (long, long)? dilation = null, bool ceil_mode = false)
                => new(functional.Pair(kernel_size), functional.Pair(stride ?? kernel_size), functional.Pair(padding, 0), functional.Pair(dilation, 1), ceil_mode);

            public static Modules.MaxPool2d MaxPool2d(long[] kernel_size, long[]? stride = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false)
                => new(kernel_size, stride ?? kernel_size, padding ?? [0], dilation ?? [1], ceil_mode);
        }
    }
}
