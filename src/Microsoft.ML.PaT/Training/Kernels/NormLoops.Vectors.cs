using System.Runtime.CompilerServices;

namespace Microsoft.ML.PaT.Training.Kernels;

internal sealed unsafe class NormLoops<TLanes, TVector, TActivation> : NormLoops
    where TLanes : struct, ILanes<TVector> where TVector : struct where TActivation : struct, IVectorActivation
{
    public override int Lanes => TLanes.Count;

    public override bool GatesByOutput => TActivation.GatesByOutput;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void AddMoments(float* x, long count, int period, float* center, float* sums, float* squares)
    {
        // Four patterns at a time, so that the values of a place in the pattern are loaded once for all four.
        for (; count >= 4L * period; count -= 4L * period, x += 4L * period)
        {
            float* x1 = x + period, x2 = x1 + period, x3 = x2 + period;
            for (var j = 0; j < period; j += TLanes.Count)
            {
                var middle = TLanes.Load(center + j);
                var a = TLanes.Subtract(TLanes.Load(x + j), middle);
                var b = TLanes.Subtract(TLanes.Load(x1 + j), middle);
                var c = TLanes.Subtract(TLanes.Load(x2 + j), middle);
                var d = TLanes.Subtract(TLanes.Load(x3 + j), middle);
                TLanes.Store(
                    TLanes.Add(TLanes.Load(sums + j), TLanes.Add(TLanes.Add(a, b), TLanes.Add(c, d))), sums + j);
                var square = TLanes.Add(
                    TLanes.MultiplyAdd(a, a, TLanes.Multiply(b, b)), TLanes.MultiplyAdd(c, c, TLanes.Multiply(d, d)));
                TLanes.Store(TLanes.Add(TLanes.Load(squares + j), square), squares + j);
            }
        }
        for (; count > 0; count -= period, x += period)
        {
            var row = (int)Math.Min(period, count);
            var done = AddMoments<TLanes, TVector>(x, 0, row, center, sums, squares);
            AddMoments<SingleLane, float>(x, done, row, center, sums, squares);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Normalize(
        float* x, float* residual, float* y, long count, int period, float* scale, float* shift)
    {
        for (; count > 0; count -= period, x += period, y += period)
        {
            var row = (int)Math.Min(period, count);
            var done = Normalize<TLanes, TVector>(x, residual, y, 0, row, scale, shift);
            Normalize<SingleLane, float>(x, residual, y, done, row, scale, shift);
            if (residual != null) residual += period;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void AddGradients(
        float* g,
        float* x,
        float* other,
        float* gated,
        long count,
        int period,
        float* scale,
        float* shift,
        float* center,
        float* sums,
        float* products)
    {
        for (; count >= 4L * period; count -= 4L * period, g += 4L * period, x += 4L * period)
        {
            for (var j = 0; j < period; j += TLanes.Count)
            {
                var (factor, summand, middle) =
                    (TLanes.Load(scale + j), TLanes.Load(shift + j), TLanes.Load(center + j));
                var (sum, product) = (TLanes.Load(sums + j), TLanes.Load(products + j));
                for (var at = j; at < 4 * period; at += period)
                {
                    var input = TLanes.Load(x + at);
                    var gradient = Gated<TLanes, TVector>(TLanes.Load(g + at), input, other, at, factor, summand);
                    if (gated != null) TLanes.Store(gradient, gated + at);
                    sum = TLanes.Add(sum, gradient);
                    product = TLanes.MultiplyAdd(gradient, TLanes.Subtract(input, middle), product);
                }
                TLanes.Store(sum, sums + j);
                TLanes.Store(product, products + j);
            }
            if (other != null) other += 4L * period;
            if (gated != null) gated += 4L * period;
        }
        for (; count > 0; count -= period, g += period, x += period)
        {
            var row = (int)Math.Min(period, count);
            var done = AddGradients<TLanes, TVector>(g, x, other, gated, 0, row, scale, shift, center, sums, products);
            AddGradients<SingleLane, float>(g, x, other, gated, done, row, scale, shift, center, sums, products);
            if (other != null) other += period;
            if (gated != null) gated += period;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void InputGradient(
        float* g,
        bool isGated,
        float* x,
        float* dx,
        long count,
        int period,
        float* scale,
        float* shift,
        float* slope,
        float* offset)
    {
        for (; count > 0; count -= period, g += period, x += period, dx += period)
        {
            var row = (int)Math.Min(period, count);
            var done = InputGradient<TLanes, TVector>(g, isGated, x, dx, 0, row, scale, shift, slope, offset);
            InputGradient<SingleLane, float>(g, isGated, x, dx, done, row, scale, shift, slope, offset);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int AddMoments<L, V>(float* x, int from, int to, float* center, float* sums, float* squares)
        where L : struct, ILanes<V> where V : struct
    {
        var j = from;
        for (; j + L.Count <= to; j += L.Count)
        {
            var deviation = L.Subtract(L.Load(x + j), L.Load(center + j));
            L.Store(L.Add(L.Load(sums + j), deviation), sums + j);
            L.Store(L.MultiplyAdd(deviation, deviation, L.Load(squares + j)), squares + j);
        }
        return j;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Normalize<L, V>(
        float* x, float* residual, float* y, int from, int to, float* scale, float* shift)
        where L : struct, ILanes<V>
        where V : struct
    {
        var j = from;
        for (; j + L.Count <= to; j += L.Count)
        {
            var z = L.MultiplyAdd(L.Load(x + j), L.Load(scale + j), L.Load(shift + j));
            if (residual != null) z = L.Add(z, L.Load(residual + j));
            L.Store(TActivation.Apply<L, V>(z), y + j);
        }
        return j;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int AddGradients<L, V>(
        float* g,
        float* x,
        float* other,
        float* gated,
        int from,
        int to,
        float* scale,
        float* shift,
        float* center,
        float* sums,
        float* products)
        where L : struct, ILanes<V>
        where V : struct
    {
        var j = from;
        for (; j + L.Count <= to; j += L.Count)
        {
            var input = L.Load(x + j);
            var gradient = Gated<L, V>(L.Load(g + j), input, other, j, L.Load(scale + j), L.Load(shift + j));
            if (gated != null) L.Store(gradient, gated + j);
            L.Store(L.Add(L.Load(sums + j), gradient), sums + j);
            L.Store(L.MultiplyAdd(gradient, L.Subtract(input, L.Load(center + j)), L.Load(products + j)), products + j);
        }
        return j;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int InputGradient<L, V>(
        float* g,
        bool isGated,
        float* x,
        float* dx,
        int from,
        int to,
        float* scale,
        float* shift,
        float* slope,
        float* offset)
        where L : struct, ILanes<V>
        where V : struct
    {
        var j = from;
        for (; j + L.Count <= to; j += L.Count)
        {
            var (input, factor, gradient) = (L.Load(x + j), L.Load(scale + j), L.Load(g + j));
            if (!isGated) gradient = Gated<L, V>(gradient, input, null, j, factor, L.Load(shift + j));
            L.Store(slope == null
                ? L.Multiply(factor, gradient)
                : L.MultiplyAdd(factor, gradient, L.MultiplyAdd(input, L.Load(slope + j), L.Load(offset + j))), dx + j);
        }
        return j;
    }

    /// <summary>
    /// Gradient before the activation. The activation's input is recomputed to the same bits, or its output is used
    /// instead.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Gated<L, V>(V gradient, V input, float* other, int at, V scale, V shift)
        where L : struct, ILanes<V>
        where V : struct
    {
        if (typeof(TActivation) == typeof(VectorIdentity)) return gradient;
        if (other != null && TActivation.GatesByOutput) return TActivation.Gate<L, V>(gradient, L.Load(other + at));
        var z = L.MultiplyAdd(input, scale, shift);
        return TActivation.Gate<L, V>(gradient, other == null ? z : L.Add(z, L.Load(other + at)));
    }
}
