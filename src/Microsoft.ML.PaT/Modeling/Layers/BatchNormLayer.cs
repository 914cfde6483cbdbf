using Microsoft.ML.PaT.Modeling.Layers;
using Microsoft.ML.PaT.Onnx;
using TorchSharp;

namespace Microsoft.ML.PaT.Modeling;

/// <summary>
/// Batch normalization of [N,C,H,W] with a scale and a shift per channel. Momentum is the weight of a new batch in the
/// running statistics, 0 to 1.
/// </summary>
internal sealed record BatchNormLayer(
    string Name,
    IReadOnlyList<string> Inputs,
    int Channels,
    double Epsilon = 1e-5,
    double Momentum = 0.1) : Layer(Name, Inputs)
{
    internal string Scale => Name + ".weight";

    internal string Shift => Name + ".bias";

    internal string Mean => Name + ".running_mean";

    internal string Variance => Name + ".running_var";

    internal override bool OutputMayBeOverwritten => true;

    internal override IEnumerable<ParameterSpec> Parameters =>
    [
        new(Scale, [Channels], ParameterRole.NormScale),
        new(Shift, [Channels], ParameterRole.NormShift),
        new(Mean, [Channels], ParameterRole.RunningMean),
        new(Variance, [Channels], ParameterRole.RunningVariance),
    ];

    internal override ImageShape OutputShape(IReadOnlyList<ImageShape> inputs) => Single(inputs, Channels);

    internal override void Flow(ChannelGraph flow)
    {
        var channels = flow.Input(0);
        foreach (var parameter in Parameters) flow.Own(parameter.Name, 0, channels);
        flow.Pass(channels);
    }

    internal override Layer Narrow(IReadOnlyList<bool[]> inputs, bool[] output) =>
        this with { Channels = Count(output) };

    internal override OnnxValue Export(OnnxLayer layer) =>
        layer.Node(
            "BatchNormalization",
            [layer.Input, .. Parameters.Select(p => layer.Parameter(p.Name))],
            OnnxAttribute.Of("epsilon", (float)Epsilon));

    internal override torch.Tensor Forward(LayerContext context)
    {
        var usesBatch = context.UsesBatchStatistics(Name);
        if (usesBatch && context.Ranks is { } ranks)
        {
            return SynchronizedBatchNorm.Apply(
                ranks,
                context.Input,
                context[Scale],
                context[Shift],
                context[Mean],
                context[Variance],
                Momentum,
                Epsilon);
        }
        if (usesBatch) RequireVariance(context.Input);
        return torch.nn.functional.batch_norm(
            context.Input,
            context[Mean],
            context[Variance],
            context[Scale],
            context[Shift],
            usesBatch,
            Momentum,
            Epsilon);
    }

    /// <summary>Checks that a batch has a variance; libtorch would make the running one NaN.</summary>
    /// <exception cref="InvalidOptionsException">There is only one value per channel.</exception>
    internal void RequireVariance(torch.Tensor input)
    {
        if (input.numel() != Channels) return;
        throw new InvalidOptionsException(
            ErrorCodes.BatchTooSmall,
            $"Batch-norm '{Name}' got one value per channel, [{string.Join(',', input.shape)}], whose variance is "
                + "zero. Train with larger batches (Training.BatchSize), fewer micro-batches "
                + "(Training.GradientAccumulationSteps), or larger images.");
    }
}
