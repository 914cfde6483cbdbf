using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Distributed;
using Microsoft.ML.PaT.Modeling;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training.Kernels;

/// <summary>One forward pass of a fused norm and its backward pass.</summary>
/// <param name="training">Whether to normalize with batch statistics and update the running statistics.</param>
/// <param name="runningMean">[C].</param>
/// <param name="runningVariance">[C].</param>
/// <param name="ranks">Ranks over which the statistics are all-reduced; null for this process only.</param>
internal sealed unsafe class NormCall(
    FusedNorm norm, bool training, Tensor runningMean, Tensor runningVariance, Communicator? ranks)
{
    private static readonly Scalar s_six = 6.ToScalar();

    private NormState? _state;
    private long _rows, _count;

    private NormKernel Kernel => norm.Kernel;

    private BatchNormLayer Layer => norm.Group.Norm;

    /// <summary>Tensor that the backward pass needs besides input and weight; null for none.</summary>
    public Tensor? Kept(Tensor output, Tensor? residual) =>
        !Kernel.IsGated || residual is null ? null : Kernel.GatesByOutput ? output : residual;

    /// <param name="input">[N,C,H,W] in channels-last format, or [N,C].</param>
    /// <param name="weight">[C].</param>
    /// <param name="bias">[C].</param>
    /// <param name="residual">Same shape as the input; null for none.</param>
    public Tensor Forward(Tensor input, Tensor weight, Tensor bias, Tensor? residual)
    {
        var channels = Layer.Channels;
        _rows = _count = input.numel() / channels;
        fixed (float* x = Rows(input), r = residual is null ? default : Rows(residual))
        {
            var (mean, variance) = training
                ? Kernel.Moments(x, _rows, channels, get_num_threads())
                : (Values(runningMean), Values(runningVariance));
            if (ranks is not null) (mean, variance, _count) = new Moments(mean, variance, _rows).SumOver(ranks);
            if (training)
            {
                Follow(runningMean, mean, 1);
                Follow(runningVariance, variance, _count / (_count - 1.0));
            }
            _state = NormState.Of(mean, variance, Layer.Epsilon, Floats(weight), Floats(bias), isFrozen: !training);
            var output = Like(input);
            fixed (float* y = Rows(output)) Kernel.Normalize(x, r, y, _rows, _state, get_num_threads());
            return output;
        }
    }

    /// <summary>Returns the gradients of input, weight, bias and residual.</summary>
    /// <param name="kept">Result of <see cref="Kept"/>.</param>
    /// <param name="hasResidual">Whether the forward pass had a residual.</param>
    public (Tensor Input, Tensor Weight, Tensor Bias, Tensor? Residual) Backward(
        Tensor gradient, Tensor input, Tensor? kept, bool hasResidual)
    {
        var (state, threads, channels) = (_state!, get_num_threads(), Layer.Channels);
        var (inputGradient, weightGradient, biasGradient) =
            (Like(input), empty(channels, dtype: ScalarType.Float32), empty(channels, dtype: ScalarType.Float32));
        var gated = kept is null ? null : Like(input);
        fixed (
            float* g = Rows(gradient),
                x = Rows(input),
                other = kept is null ? default : Rows(kept),
                dz = gated is null ? default : Rows(gated),
                dx = Rows(inputGradient))
        {
            var (sums, products) = Kernel.GradientSums(g, x, other, dz, _rows, state, threads);
            var (allSums, allProducts) = ranks is null ? (sums, products) : SumOver(ranks, sums, products);
            Kernel.InputGradient(
                dz == null ? g : dz, isGated: dz != null, x, dx, _rows, _count, state, allSums, allProducts, threads);
            Span<float> ofWeight = Floats(weightGradient), ofBias = Floats(biasGradient);
            for (var c = 0; c < channels; c++)
            {
                ofWeight[c] = (float)(products[c] * state.InverseDeviation[c]);
                ofBias[c] = (float)sums[c];
            }
        }
        return (inputGradient, weightGradient, biasGradient, hasResidual ? gated ?? gradient : null);
    }

    /// <summary>Same as <see cref="Backward"/>, with libtorch's operators, which can be differentiated again.</summary>
    public (Tensor Input, Tensor Weight, Tensor Bias, Tensor? Residual) DifferentiableBackward(
        Tensor gradient, Tensor input, Tensor weight, Tensor bias, Tensor? kept, bool hasResidual)
    {
        var (state, activation) = (_state!, norm.Group.Activation?.Function);
        var frozen = state.IsFrozen;
        var variance = Array.ConvertAll(state.InverseDeviation, i => 1 / (i * i) - Layer.Epsilon);
        var output = nn.functional.batch_norm(
            input,
            frozen ? tensor(state.Mean).to(ScalarType.Float32) : null,
            frozen ? tensor(variance).to(ScalarType.Float32) : null,
            weight,
            bias,
            !frozen,
            0,
            Layer.Epsilon);
        List<Tensor> wanted = [input, weight, bias];
        if (kept is not null && Kernel.GatesByOutput)
        {
            var passes = kept.detach().gt(Scalars.Zero);
            if (activation == ActivationFunction.Relu6) passes = passes.logical_and(kept.detach().lt(s_six));
            gradient = gradient.mul(passes.to(ScalarType.Float32));
        }
        else if (activation is { } function)
        {
            if (kept is not null)
            {
                output = output.Plus(kept);
                wanted.Add(kept);
            }
            output = ActivationLayer.Apply(function, output, inPlace: false);
        }
        var differentiable = wanted.Where(t => t.requires_grad).ToList();
        var found = autograd.grad([output], differentiable, [gradient], retain_graph: true, create_graph: true);
        var gradients = wanted.ConvertAll(t =>
            differentiable.FindIndex(d => ReferenceEquals(d, t)) is >= 0 and var at ? found[at] : zeros_like(t));
        return (
            gradients[0],
            gradients[1],
            gradients[2],
            !hasResidual ? null
            : gradients.Count > 3 ? gradients[3]
            : gradient);
    }

    private static (double[] Sums, double[] Products) SumOver(Communicator ranks, double[] sums, double[] products)
    {
        double[] both = [.. sums, .. products];
        ranks.AllReduce(both.AsSpan(), Reduction.Sum);
        return (both[..sums.Length], both[sums.Length..]);
    }

    private void Follow(Tensor running, double[] values, double factor)
    {
        var statistics = Floats(running);
        for (var c = 0; c < values.Length; c++)
            statistics[c] = (float)((1 - Layer.Momentum) * statistics[c] + Layer.Momentum * factor * values[c]);
    }

    private static double[] Values(Tensor tensor) => Array.ConvertAll(Floats(tensor).ToArray(), v => (double)v);

    private static Span<float> Floats(Tensor tensor) =>
        System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(tensor.bytes);

    /// <summary>Memory of a channels-last tensor.</summary>
    private static Span<float> Rows(Tensor tensor)
    {
        if (tensor.dim() == 2) return Floats(tensor);
        using var rows = tensor.permute(0, 2, 3, 1);
        return Floats(rows);
    }

    private static Tensor Like(Tensor input)
    {
        var shape = input.shape;
        return shape is [_, var channels, var height, var width]
            ? empty_strided(shape, [height * width * channels, 1, width * channels, channels], ScalarType.Float32)
            : empty(shape, ScalarType.Float32);
    }
}
