using System.Runtime.InteropServices;
using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Distributed;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Modeling.Layers;

/// <summary>
/// Batch-norm with the statistics of the global batch. libtorch normalizes and computes local gradients; two sums per
/// channel are all-reduced in the forward pass and two in the backward pass.
/// </summary>
internal sealed class SynchronizedBatchNorm : autograd.SingleTensorFunction<SynchronizedBatchNorm>
{
    private const string Call = "call";

    // A gradient of the wrong shape. libtorch ends the backward pass with an error because of it; an exception here
    // would end the process.
    private static readonly Tensor s_none = empty(0, dtype: ScalarType.Float32).DetachFromDisposeScope();

    // libtorch reads the returned gradients after the backward function has returned, so they are disposed after the
    // whole pass.
    private static readonly List<Tensor> s_returned = [];

    private static Exception? s_failure;

    public override string Name => nameof(SynchronizedBatchNorm);

    /// <summary>Normalizes this rank's slice of a batch and updates the running statistics.</summary>
    /// <param name="ranks">Ranks that share the batch.</param>
    /// <param name="input">[N,C,H,W].</param>
    /// <param name="weight">Scale, [C].</param>
    /// <param name="bias">Shift, [C].</param>
    /// <param name="runningMean">[C].</param>
    /// <param name="runningVariance">[C].</param>
    /// <returns>A new tensor in the caller's dispose scope.</returns>
    public static Tensor Apply(
        Communicator ranks,
        Tensor input,
        Tensor weight,
        Tensor bias,
        Tensor runningMean,
        Tensor runningVariance,
        double momentum,
        double epsilon)
    {
        using var scope = NewDisposeScope();
        Moments batch;
        using (no_grad())
        {
            batch = Moments.Of(input.detach()).SumOver(ranks);
            Follow(runningMean, batch.Mean);
            Follow(runningVariance, Array.ConvertAll(batch.Variance, v => v * batch.Count / (batch.Count - 1)));
        }
        var (mean, variance) = (Floats(batch.Mean, input), Floats(batch.Variance, input));
        var output = is_grad_enabled()
            ? apply(input, weight, bias, mean, variance, new Pass(ranks, batch, epsilon))
            : Normalize(input, mean, variance, weight, bias, epsilon);
        return output.MoveToOuterDisposeScope();

        void Follow(Tensor running, double[] values) =>
            running.Times_(1 - momentum).Plus_(Floats(values, running), momentum);
    }

    /// <summary>Runs a backward pass and reports a failed all-reduce.</summary>
    /// <exception cref="DistributedTrainingException">A rank is lost or hangs.</exception>
    public static void During(Action backward)
    {
        try
        {
            backward();
        }
        catch (ExternalException) when (s_failure is { } failure)
        {
            throw failure as DistributedTrainingException
                ?? new DistributedTrainingException(
                    ErrorCodes.RankLost,
                    $"The backward pass of a synchronized batch-norm failed: {failure.Message}",
                    failure);
        }
        finally
        {
            s_failure = null;
            s_returned.ForEach(t => t.Dispose());
            s_returned.Clear();
        }
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (input, weight, bias, mean, variance, pass) =
            ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], (Tensor)vars[3], (Tensor)vars[4], (Pass)vars[5]);
        ctx.save_for_backward([input, weight, mean, variance]);
        ctx.save_data(Call, pass);
        return Normalize(input, mean, variance, weight, bias, pass.Epsilon);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        try
        {
            var pass = (Pass)ctx.get_data(Call);
            var saved = ctx.get_saved_variables();
            using var scope = NewDisposeScope();
            var gradients = Gradients(pass, grad_output, saved[0], saved[1], saved[2], saved[3]);
            gradients.ForEach(g => s_returned.Add(g.DetachFromDisposeScope()));
            saved.ForEach(t => t.Dispose());
            grad_output.Dispose();
            ctx.Dispose();
            return [.. gradients, null!, null!, null!];
        }
        catch (Exception e)
        {
            s_failure = e;
            return [s_none, s_none, s_none, null!, null!, null!];
        }
    }

    /// <summary>
    /// With w the scale, i the inverse deviation, x' the normalized input, N the values per channel in the global
    /// batch, and g the gradient of the output: dx = w i (g - sum(g) / N - x' sum(g x') / N), with sums over all ranks;
    /// dw = sum(g x') and db = sum(g) of this rank.
    /// </summary>
    private static List<Tensor> Gradients(
        Pass pass, Tensor gradient, Tensor input, Tensor weight, Tensor mean, Tensor variance)
    {
        var (x, w) = (input.detach().requires_grad_(), weight.detach().requires_grad_());
        var b = zeros_like(w).requires_grad_();
        IList<Tensor> local; // w i g, sum(g x'), sum(g)
        using (enable_grad())
            local = autograd.grad([Normalize(x, mean, variance, w, b, pass.Epsilon)], [x, w, b], [gradient]);
        using var noGradient = no_grad();
        var sums = cat([local[1], local[2]], 0).to(ScalarType.Float64).cpu();
        pass.Ranks.AllReduce(MemoryMarshal.Cast<byte, double>(sums.bytes), Reduction.Sum);
        var (products, gradients) = (sums.narrow(0, 0, w.shape[0]), sums.narrow(0, w.shape[0], w.shape[0]));
        var inverse = tensor(Array.ConvertAll(pass.Batch.Variance, v => 1 / Math.Sqrt(v + pass.Epsilon)));
        var scale = weight.detach().to(ScalarType.Float64).cpu().mul(inverse).Times(-1.0 / pass.Batch.Count);
        // The missing terms are affine in the input, so a normalization computes them.
        var missing = Normalize(
            input.detach(),
            mean,
            ones_like(variance),
            ToLike(scale.mul(inverse).mul(products)),
            ToLike(scale.mul(gradients)),
            epsilon: 0);
        return [local[0].Plus(missing), local[1], local[2]];

        Tensor ToLike(Tensor values) => values.to(ScalarType.Float32).to(input.device);
    }

    private static Tensor Normalize(
        Tensor input, Tensor mean, Tensor variance, Tensor weight, Tensor bias, double epsilon) =>
        nn.functional.batch_norm(input, mean, variance, weight, bias, training: false, momentum: 0, eps: epsilon);

    private static Tensor Floats(double[] values, Tensor like) =>
        tensor(Array.ConvertAll(values, v => (float)v)).to(like.device);

    private sealed record Pass(Communicator Ranks, Moments Batch, double Epsilon);
}
