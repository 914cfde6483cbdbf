using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Distributed;

/// <summary>Statistics of a batch per channel.</summary>
/// <param name="Count">Number of values per channel.</param>
internal sealed record Moments(double[] Mean, double[] Variance, long Count)
{
    /// <param name="input">[N,C,H,W].</param>
    public static Moments Of(Tensor input)
    {
        using var scope = NewDisposeScope();
        var channels = input.shape[1];
        var count = input.numel() / channels;
        if (count == 1) return new(Doubles(input), new double[channels], count);
        // With a momentum of 1, libtorch's batch-norm leaves the mean and the unbiased variance of the batch.
        var (mean, variance) = (
            zeros(channels, dtype: ScalarType.Float32, device: input.device),
            ones(channels, dtype: ScalarType.Float32, device: input.device));
        _ = nn.functional.batch_norm(input, mean, variance, training: true, momentum: 1);
        return new(Doubles(mean), Array.ConvertAll(Doubles(variance), v => v * (count - 1) / count), count);
    }

    /// <summary>Returns the statistics of the batches of all ranks together.</summary>
    public Moments SumOver(Communicator ranks)
    {
        var channels = Mean.Length;
        var sums = new double[2 * channels + 1];
        for (var c = 0; c < channels; c++)
            (sums[c], sums[channels + c]) = (Count * Mean[c], Count * (Variance[c] + Mean[c] * Mean[c]));
        sums[^1] = Count;
        ranks.AllReduce(sums.AsSpan(), Reduction.Sum);
        var (mean, variance) = (new double[channels], new double[channels]);
        for (var c = 0; c < channels; c++)
        {
            mean[c] = sums[c] / sums[^1];
            variance[c] = Math.Max(0, sums[channels + c] / sums[^1] - mean[c] * mean[c]);
        }
        return new(mean, variance, (long)sums[^1]);
    }

    private static double[] Doubles(Tensor values)
    {
        using var cpu = values.to(ScalarType.Float64).cpu().contiguous();
        return cpu.data<double>().ToArray();
    }
}
