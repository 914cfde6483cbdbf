namespace TorchSharp.Modules;

/// <summary>The numbers of a convolution, per spatial dimension where there is one each.</summary>
internal sealed record ConvolutionShape(long In, long Out, long[] Kernel, long[] Stride, long[] Padding, long[] Dilation, long Groups, PaddingModes Mode, bool Bias)
{
    /// <summary>Whether the output is to be as large as the input (stride 1).</summary>
    internal bool Same { get; init; }

    internal bool Transposed { get; init; }

    internal long[] WeightChannels => Transposed ? [In, Out / Groups] : [Out, In / Groups];

    /// <summary>What is padded before and after along a dimension; an odd total of "same" goes to the end.</summary>
    internal long[] Border(int dimension)
    {
        if (!Same) return [Padding[dimension], Padding[dimension]];
        long total = Dilation[dimension] * (Kernel[dimension] - 1);
        return [total / 2, total - total / 2];
    }

    internal static ConvolutionShape WithPadding(Padding padding, ConvolutionShape shape)
    {
        if (padding == TorchSharp.Padding.Valid) return shape;
        if (shape.Stride.Any(stride => stride != 1)) throw new ArgumentException("Padding of the same size goes with a stride of one only.");
        return shape with { Same = true };
    }
}
