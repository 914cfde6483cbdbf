using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.ML.PaT.Training.Kernels;

namespace Microsoft.ML.PaT.Benchmark;

/// <summary>Microseconds of each pass of a fused norm, the least of several.</summary>
internal static unsafe class NormTimes
{
    public static string Of(int channels, long rows, int threads)
    {
        var bytes = (nuint)(rows * channels * sizeof(float));
        var tensors = new nint[4];
        for (var i = 0; i < 4; i++)
        {
            tensors[i] = (nint)NativeMemory.AlignedAlloc(bytes, 64);
            new Span<float>((void*)tensors[i], (int)(rows * channels)).Fill(0.5f + i);
        }
        float* x = (float*)tensors[0], y = (float*)tensors[1], g = (float*)tensors[2], d = (float*)tensors[3];
        var kernel = new NormKernel(ActivationFunction.Relu);
        var (mean, variance) = kernel.Moments(x, rows, channels, threads);
        float[] ones = [.. Enumerable.Repeat(1f, channels)];
        var state = NormState.Of(mean, variance, 1e-5, ones, ones, false);
        var (sums, products) = kernel.GradientSums(g, x, null, null, rows, state, threads);
        Action[] passes =
        [
            () => kernel.Moments(x, rows, channels, threads),
            () => kernel.Normalize(x, null, y, rows, state, threads),
            () => kernel.Normalize(x, g, y, rows, state, threads),
            () => kernel.GradientSums(g, x, null, null, rows, state, threads),
            () => kernel.GradientSums(g, x, y, d, rows, state, threads),
            () => kernel.InputGradient(g, false, x, d, rows, rows, state, sums, products, threads),
        ];
        var least = Enumerable.Repeat(double.PositiveInfinity, passes.Length).ToArray();
        for (var round = 0; round < 30; round++)
        {
            for (var p = 0; p < passes.Length; p++)
            {
                var start = Stopwatch.GetTimestamp();
                passes[p]();
                least[p] = Math.Min(least[p], Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            }
        }
        foreach (var tensor in tensors) NativeMemory.AlignedFree((void*)tensor);
        double[] traffic = [1, 2, 3, 2, 4, 3];
        return string.Join("  ", least.Zip(traffic, (us, t) => $"{us,7:F0} us {t * bytes / us / 1000,5:F1} GB/s"));
    }
}
