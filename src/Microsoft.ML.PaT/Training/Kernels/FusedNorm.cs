using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Modeling.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training.Kernels;

/// <summary>
/// Computes a batch-norm, the addition and the activation after it in one pass, in channels-last format.
/// </summary>
internal sealed unsafe class FusedNorm(NormGroup group)
{
    public NormGroup Group => group;

    public NormKernel Kernel { get; } = new(group.Activation?.Function);

    /// <summary>
    /// Returns the fused norms of a network. Empty on GPUs, in channels-first format, or if the options ask for plain
    /// operators.
    /// </summary>
    public static IReadOnlyList<FusedNorm> AllOf(
        NetworkDefinition definition, Device device, bool channelsLast, bool fusedNorms) =>
        fusedNorms && channelsLast && device.type == DeviceType.CPU
            ? [.. NormGroup.Of(definition).Select(group => new FusedNorm(group))]
            : [];

    /// <summary>Returns the output in channels-last format.</summary>
    /// <exception cref="InvalidOptionsException">There is only one value per channel in training.</exception>
    public Tensor Forward(LayerContext context)
    {
        var norm = group.Norm;
        var (input, residual) = (context.Input, group.Add is null ? null : context.Inputs[1]);
        if (!Fits(input) || residual is not null && !Fits(residual)) return group.Forward(context);
        var usesBatch = context.UsesBatchStatistics(norm.Name);
        if (usesBatch && context.Ranks is null) norm.RequireVariance(input);
        using var scope = NewDisposeScope();
        var (weight, bias) = (context[norm.Scale], context[norm.Shift]);
        var call = new NormCall(
            this,
            usesBatch,
            context[norm.Mean],
            context[norm.Variance],
            usesBatch ? context.Ranks : null);
        (input, residual) = (ChannelsLast(input), residual is null ? null : ChannelsLast(residual));
        var output = is_grad_enabled()
            ? FusedNormFunction.apply(input, weight, bias, residual!, call)
            : call.Forward(input, weight, bias, residual);
        return output.MoveToOuterDisposeScope();
    }

    /// <summary>Returns the tensor itself if it is channels-last already.</summary>
    public static Tensor ChannelsLast(Tensor tensor)
    {
        if (tensor.dim() == 2) return tensor.contiguous();
        var rows = tensor.permute(0, 2, 3, 1);
        return rows.is_contiguous() ? tensor : rows.contiguous().permute(0, 3, 1, 2);
    }

    private static bool Fits(Tensor tensor) =>
        tensor.dtype == ScalarType.Float32
        && tensor.device_type == DeviceType.CPU
        && tensor.numel() is > 0 and <= int.MaxValue / sizeof(float);
}
