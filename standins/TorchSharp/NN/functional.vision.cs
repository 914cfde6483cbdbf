using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0) => (mode, pad.Length) switch
            {
                (PaddingModes.Constant or PaddingModes.Zeros, _) => Op.Call("constant_pad_nd", input, pad, mode == PaddingModes.Zeros ? 0 : value),
                (PaddingModes.Reflect, 2) => Op.Call("reflection_pad1d", input, pad),
                (PaddingModes.Reflect, 4) => Op.Call("reflection_pad2d", input, pad),
                (PaddingModes.Replicate, 2) => Op.Call("replication_pad1d", input, pad),
                (PaddingModes.Replicate, 4) => Op.Call("replication_pad2d", input, pad),
                (PaddingModes.Circular, _) => Op.Call("_pad_circular", input, pad),
                _ => throw new NotSupportedException($"Padding of mode {mode} over {pad.Length / 2} dimensions is not supported here."),
            };

            public static Tensor pad(Tensor input, ReadOnlySpan<long> pad, PaddingModes mode = PaddingModes.Constant, double value = 0) => functional.pad(input, pad.ToArray(), mode, value);
            public static Tensor pad(Tensor input, (long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) => functional.pad(input, Pair(pad), mode, value);
            public static Tensor pad(Tensor input, (long, long, long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) => functional.pad(input, [pad.Item1, pad.Item2, pad.Item3, pad.Item4], mode, value);
            public static Tensor pad(Tensor input, long pad, PaddingModes mode = PaddingModes.Constant, double value = 0) => functional.pad(input, [pad, pad], mode, value);

            public static Tensor affine_grid(Tensor theta, long[]? size = null, bool align_corners = false) => Op.Call("affine_grid_generator", theta, size, align_corners);

            public static Tensor grid_sample(Tensor input, Tensor grid, GridSampleMode mode = GridSampleMode.Bilinear, GridSamplePaddingMode padding_mode = GridSamplePaddingMode.Zeros, bool? align_corners = null)
            {
                // libtorch's own numbers: bilinear 0, nearest 1; zeros 0, border 1, reflection 2.
                int interpolation = mode == GridSampleMode.Bilinear ? 0 : 1;
                int padding = padding_mode switch { GridSamplePaddingMode.Border => 1, GridSamplePaddingMode.Reflection => 2, _ => 0 };
                return Op.Call("grid_sampler", input, grid, interpolation, padding, align_corners ?? false);
            }

            public static Tensor upsample(Tensor input, long[]? size = null, double[]? scale_factor = null, UpsampleMode mode = UpsampleMode.Nearest, bool align_corners = false)
            {
                if ((size is null) == (scale_factor is null)) throw new ArgumentException("upsample wants either a size or a scale factor.");
                int spatial = (int)input.dim() - 2;
                if (size is { Length: 1 } && spatial > 1) size = [.. Enumerable.Repeat(size[0], spatial)];
                if (scale_factor is { Length: 1 } && spatial > 1) scale_factor = [.. Enumerable.Repeat(scale_factor[0], spatial)];
                return mode switch
                {
                    UpsampleMode.Nearest => Op.Call($"upsample_nearest{spatial}d.vec", input, size, scale_factor),
                    UpsampleMode.Linear => Op.Call("upsample_linear1d.vec", input, size, align_corners, scale_factor),
                    UpsampleMode.Bilinear => Op.Call("upsample_bilinear2d.vec", input, size, align_corners, scale_factor),
                    UpsampleMode.Bicubic => Op.Call("upsample_bicubic2d.vec", input, size, align_corners, scale_factor),
                    UpsampleMode.Trilinear => Op.Call("upsample_trilinear3d.vec", input, size, align_corners, scale_factor),
                    _ => throw new NotSupportedException($"Upsampling by {mode} is not supported."),
                };
            }

            public static Tensor upsample_nearest(Tensor x, long[]? size = null, double[]? scale_factor = null, bool align_corners = false)
                => upsample(x, size, scale_factor);

            public static Tensor upsample_nearest2d(Tensor input, long[]? outputSizes = null, double[]? scaleFactors = null)
                => Op.Call("upsample_nearest2d.vec", input, outputSizes, scaleFactors);

            public static Tensor upsample_bilinear(Tensor x, long[]? size = null, double[]? scale_factor = null, bool align_corners = false)
                => upsample(x, size, scale_factor, UpsampleMode.Bilinear, align_corners);
        }
    }
}
