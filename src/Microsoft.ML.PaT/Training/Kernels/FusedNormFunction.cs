using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training.Kernels;

/// <summary>
/// Fused norm for autograd. Arguments: input, weight, bias, residual or null, <see cref="NormCall"/>.
/// </summary>
internal sealed class FusedNormFunction : autograd.SingleTensorFunction<FusedNormFunction>
{
    private const string Call = "call", HasResidual = "residual";

    /// <summary>
    /// A gradient of the wrong shape. With it, libtorch ends the backward pass with an error; an exception would end
    /// the process.
    /// </summary>
    private static readonly Tensor s_none = empty(0, dtype: ScalarType.Float32).DetachFromDisposeScope();

    /// <summary>
    /// libtorch reads the returned gradients after the backward function has returned. They are freed in the next call.
    /// </summary>
    [ThreadStatic] private static List<Tensor>? t_returned;

    [ThreadStatic] private static Exception? t_failure;

    public override string Name => nameof(FusedNormFunction);

    public static void BackwardFrom(Tensor loss)
    {
        t_failure = null;
        try
        {
            loss.backward();
        }
        catch (ExternalException) when (t_failure is { } failure)
        {
            throw failure as DistributedTrainingException
                ?? (Exception)
                    new InvalidOperationException(
                        $"The backward pass of a batch-norm failed: {failure.Message}", failure);
        }
        finally
        {
            Release();
        }
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (input, weight, bias, residual, call) =
            ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], (Tensor?)vars[3], (NormCall)vars[4]);
        var output = call.Forward(input, weight, bias, residual);
        ctx.set_materialize_grads(false);
        ctx.save_for_backward([input, weight, bias, call.Kept(output, residual)!]);
        ctx.save_data(Call, call);
        ctx.save_data(HasResidual, residual is not null);
        return output;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        try
        {
            return Gradients(ctx, grad_output);
        }
        catch (Exception e)
        {
            t_failure = e;
            return [s_none, s_none, s_none, ctx.get_data(HasResidual) is true ? s_none : null!, null!];
        }
    }

    private static List<Tensor> Gradients(autograd.AutogradContext ctx, Tensor gradient)
    {
        Release();
        var (call, hasResidual, again) =
            ((NormCall)ctx.get_data(Call), (bool)ctx.get_data(HasResidual), is_grad_enabled());
        var saved = ctx.get_saved_variables();
        using var scope = NewDisposeScope();
        var (input, kept) = (saved[0], saved[3]);
        if (gradient.IsInvalid) gradient = zeros_like(input);
        var (ofInput, ofWeight, ofBias, ofResidual) = again
            ? call.DifferentiableBackward(gradient, input, saved[1], saved[2], kept, hasResidual)
            : call.Backward(FusedNorm.ChannelsLast(gradient), input, kept, hasResidual);
        List<Tensor> returned = [ofInput, ofWeight, ofBias];
        if (ofResidual is not null) returned.Add(ofResidual);
        var isPassedOn = ReferenceEquals(ofResidual, gradient);
        foreach (var tensor in returned.Where(t => !ReferenceEquals(t, gradient))) tensor.MoveToOuterDisposeScope();
        if (!again) saved.ForEach(t => t?.Dispose());
        if (!again && !isPassedOn) gradient.Dispose();
        // A second differentiation needs the context again.
        if (!again) ctx.Dispose();
        t_returned = returned;
        return [ofInput, ofWeight, ofBias, ofResidual!, null!];
    }

    private static void Release()
    {
        t_returned?.ForEach(t => t.Dispose());
        t_returned = null;
    }
}
