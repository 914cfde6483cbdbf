using System.Runtime.InteropServices;

namespace Microsoft.ML.PaT.Training.Kernels;

/// <summary>
/// One pass over the blocks of a tensor and its working memory. Each training thread has one instance and reuses it.
/// </summary>
internal sealed unsafe class NormWork : IParallelWork
{
    private const int Patterns = 4, Sums = 3;

    [ThreadStatic] private static NormWork? t_work;

    private NormLoops _loops = null!;
    private NormGeometry _geometry;
    private Pass _pass;
    private bool _isGated;
    private float* _x, _other, _y, _g, _patterns, _sums;
    private double* _partials;
    private float[] _patternMemory = [], _sumMemory = [];
    private double[] _partialMemory = [];

    private enum Pass
    {
        Moments, Normalize, GradientSums, InputGradient,
    }

    /// <summary>Returns this thread's working memory, sized for the geometry.</summary>
    public static NormWork Begin(NormLoops loops, NormGeometry geometry)
    {
        var work = t_work ??= new();
        (work._loops, work._geometry) = (loops, geometry);
        work._patterns = Room(ref work._patternMemory, Patterns * geometry.Period);
        return work;
    }

    public void Moments(float* x, int threads, double[] mean, double[] variance)
    {
        _pass = Pass.Moments;
        _x = x;
        Start(threads, partials: 3);
        var (channels, rows) = (_geometry.Channels, (double)_geometry.Rows);
        for (var block = 0; block < _geometry.Blocks; block++)
        {
            double* center = Partial(block, 3, 0), sum = Partial(block, 3, 1);
            var count = _geometry.SizeOf(block) / channels;
            for (var c = 0; c < channels; c++) mean[c] += (count * center[c] + sum[c]) / rows;
        }
        for (var block = 0; block < _geometry.Blocks; block++)
        {
            double* center = Partial(block, 3, 0), sum = Partial(block, 3, 1), square = Partial(block, 3, 2);
            var count = _geometry.SizeOf(block) / channels;
            for (var c = 0; c < channels; c++)
            {
                var away = center[c] - mean[c];
                variance[c] += (square[c] + 2 * away * sum[c] + count * away * away) / rows;
            }
        }
        for (var c = 0; c < channels; c++) variance[c] = Math.Max(variance[c], 0);
    }

    public void Normalize(float* x, float* residual, float* y, NormState state, int threads)
    {
        _pass = Pass.Normalize;
        _x = x;
        _other = residual;
        _y = y;
        Repeat(state.Scale, 0);
        Repeat(state.Shift, 1);
        Start(threads, partials: 0);
    }

    public void GradientSums(
        float* g, float* x, float* other, float* gated, NormState state, int threads, double[] sums, double[] products)
    {
        _pass = Pass.GradientSums;
        _g = g;
        _x = x;
        _other = other;
        _y = gated;
        Repeat(state.Scale, 0);
        Repeat(state.Shift, 1);
        var channels = _geometry.Channels;
        Span<float> means = channels <= 1024 ? stackalloc float[channels] : new float[channels];
        for (var c = 0; c < channels; c++) means[c] = (float)state.Mean[c];
        Repeat(means, 2);
        Start(threads, partials: 2);
        for (var block = 0; block < _geometry.Blocks; block++)
        {
            double* sum = Partial(block, 2, 0), product = Partial(block, 2, 1);
            for (var c = 0; c < channels; c++)
            {
                sums[c] += sum[c];
                products[c] += product[c];
            }
        }
        // The loops subtract the rounded mean.
        for (var c = 0; c < channels; c++) products[c] += (means[c] - state.Mean[c]) * sums[c];
    }

    public void InputGradient(
        float* g,
        bool isGated,
        float* x,
        float* dx,
        long count,
        NormState state,
        double[] sums,
        double[] products,
        int threads)
    {
        _pass = Pass.InputGradient;
        _g = g;
        _isGated = isGated;
        _x = x;
        _y = dx;
        Repeat(state.Scale, 0);
        Repeat(state.Shift, 1);
        _other = null;
        if (!state.IsFrozen)
        {
            var channels = _geometry.Channels;
            Span<float> values = channels <= 512 ? stackalloc float[2 * channels] : new float[2 * channels];
            Span<float> slopes = values[..channels], offsets = values.Slice(channels, channels);
            for (var c = 0; c < channels; c++)
            {
                var inverse = state.InverseDeviation[c];
                slopes[c] = (float)(-state.Scale[c] * inverse * inverse * products[c] / count);
                offsets[c] = (float)(-state.Scale[c] * sums[c] / count - slopes[c] * state.Mean[c]);
            }
            Repeat(slopes, 2);
            Repeat(offsets, 3);
            _other = Pattern(2);
        }
        Start(threads, partials: 0);
    }

    public void Run(int part, int parts)
    {
        var (first, end) = ((long)_geometry.Blocks * part / parts, (long)_geometry.Blocks * (part + 1) / parts);
        if (_pass is Pass.Moments or Pass.GradientSums)
        {
            for (var block = first; block < end; block++) Sum((int)block, part);
        }
        else
        {
            // Backwards: the last block read is still in the cache.
            for (var block = end - 1; block >= first; block--) Write((int)block);
        }
    }

    private void Sum(int block, int part)
    {
        var (period, start, size) = (_geometry.Period, (long)block * _geometry.BlockSize, _geometry.SizeOf(block));
        float* sums = _sums + (long)part * Sums * period, others = sums + period, center = others + period;
        new Span<float>(sums, Sums * period).Clear();
        if (_pass == Pass.GradientSums)
        {
            _loops.AddGradients(
                _g + start,
                _x + start,
                At(_other, start),
                At(_y, start),
                size,
                period,
                Pattern(0),
                Pattern(1),
                Pattern(2),
                sums,
                others);
            double* sum = Partial(block, 2, 0), product = Partial(block, 2, 1);
            Gather(sums, sum);
            Gather(others, product);
            return;
        }
        double* middle = Partial(block, 3, 0), sumAway = Partial(block, 3, 1), square = Partial(block, 3, 2);
        var sample = size < period ? size : Math.Max(1, size / period / 16) * period;
        _loops.AddMoments(_x + start, sample, period, center, sums, others);
        Gather(sums, middle);
        var channels = _geometry.Channels;
        for (var c = 0; c < channels; c++)
        {
            var mean = (float)(middle[c] * channels / sample);
            middle[c] = center[c] = float.IsFinite(mean) ? mean : 0;
        }
        Repeat(center, channels, period);
        new Span<float>(sums, 2 * period).Clear();
        _loops.AddMoments(_x + start, size, period, center, sums, others);
        Gather(sums, sumAway);
        Gather(others, square);
    }

    private void Write(int block)
    {
        var (period, start, size) = (_geometry.Period, (long)block * _geometry.BlockSize, _geometry.SizeOf(block));
        if (_pass == Pass.Normalize)
            _loops.Normalize(_x + start, At(_other, start), _y + start, size, period, Pattern(0), Pattern(1));
        else
        {
            _loops.InputGradient(
                _g + start, _isGated, _x + start, _y + start, size, period, Pattern(0), Pattern(1), _other, Pattern(3));
        }
    }

    private void Start(int threads, int partials)
    {
        if (_geometry.Blocks == 1) threads = 1;
        if (partials > 0)
        {
            _sums = Room(ref _sumMemory, threads * Sums * _geometry.Period);
            _partials = Room(ref _partialMemory, _geometry.Blocks * partials * _geometry.Channels);
        }
        KernelThreads.Run(this, threads);
    }

    private double* Partial(int block, int each, int index) =>
        _partials + ((long)block * each + index) * _geometry.Channels;

    private float* Pattern(int index) => _patterns + (long)index * _geometry.Period;

    /// <summary>Sums the values of a pattern per channel.</summary>
    private void Gather(float* pattern, double* channels)
    {
        var (count, period) = (_geometry.Channels, _geometry.Period);
        for (var c = 0; c < count; c++) channels[c] = pattern[c];
        for (var row = count; row < period; row += count)
        {
            for (var c = 0; c < count; c++) channels[c] += pattern[row + c];
        }
    }

    private void Repeat(ReadOnlySpan<float> channels, int pattern)
    {
        channels.CopyTo(new(Pattern(pattern), channels.Length));
        Repeat(Pattern(pattern), channels.Length, _geometry.Period);
    }

    private static void Repeat(float* pattern, int channels, int period)
    {
        for (var filled = channels; filled < period; filled *= 2)
        {
            new Span<float>(pattern, Math.Min(filled, period - filled)).CopyTo(new(pattern + filled, period - filled));
        }
    }

    private static float* At(float* tensor, long offset) => tensor == null ? null : tensor + offset;

    /// <summary>Pinned memory, aligned to vectors; grows when needed.</summary>
    private static T* Room<T>(ref T[] memory, int count) where T : unmanaged
    {
        const int Alignment = 64;
        var spare = Alignment / sizeof(T);
        if (memory.Length < count + spare) memory = GC.AllocateUninitializedArray<T>(count + spare, pinned: true);
        var address = (nint)Marshal.UnsafeAddrOfPinnedArrayElement(memory, 0);
        return (T*)((address + Alignment - 1) / Alignment * Alignment);
    }
}
