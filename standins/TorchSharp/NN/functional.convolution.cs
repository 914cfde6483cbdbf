using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) => Op.Call("linear", input, weights, bias);

            public static Tensor conv1d(Tensor input, Tensor weight, Tensor? bias = null, long? stride = null, long? padding = null, long? dilation = null, long groups = 1)
                => Op.Call("conv1d", input, weight, bias, new[] { stride ?? 1 }, new[] { padding ?? 0 }, new[] { dilation ?? 1 }, groups);

            public static Tensor conv2d(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? dilation = null, long groups = 1)
                => Op.Call("conv2d", input, weight, bias, strides ?? [1, 1], padding ?? [0, 0], dilation ?? [1, 1], groups);

            public static Tensor unfold(Tensor input, long kernel_size, long dilation = 1, long padding = 0, long stride = 1)
                => unfold(input, (kernel_size, kernel_size), (dilation, dilation), (padding, padding), (stride, stride));

            public static Tensor unfold(Tensor input, (long, long) kernel_size, (long, long)? dilation = null, (long, long)? padding = null, (long, long)? stride = null)
                => Op.Call("im2col", input, Pair(kernel_size), Pair(dilation, 1), Pair(padding, 0), Pair(stride, 1));

            public static Tensor pixel_shuffle(Tensor input, long upscale_factor) => Op.Call("pixel_shuffle", input, upscale_factor);

            internal static long[] Pair((long, long) value) => [value.Item1, value.Item2];
            internal static long[] Pair((long, long)? value, long otherwise) => value is { } v ? Pair(v) : [otherwise, otherwise];
            internal static long[] Pair(long? value, long otherwise) => [value ?? otherwise, value ?? otherwise];
        }
    }
}
