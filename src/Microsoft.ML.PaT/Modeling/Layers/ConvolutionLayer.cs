using System.Text.Json.Serialization;
using Microsoft.ML.PaT.Modeling.Layers;
using Microsoft.ML.PaT.Onnx;
using TorchSharp;

namespace Microsoft.ML.PaT.Modeling;

/// <summary>
/// Two-dimensional convolution: [N,In,H,W] to [N,Out,H',W'], H' = (H + 2 Padding - Dilation (Kernel - 1) - 1) / Stride
/// + 1. KernelWidth and PaddingWidth apply to columns; null means the same as for rows. A depthwise convolution has as
/// many groups as inputs: input i produces outputs i m to i m + m - 1, m = Out / In, which are kept or removed
/// together. With fewer groups, channels at the same place in every group are kept or removed together, so that the
/// groups stay equal.
/// </summary>
internal sealed record ConvolutionLayer(
    string Name,
    IReadOnlyList<string> Inputs,
    int In,
    int Out,
    int Kernel,
    int Stride,
    int Padding,
    bool Bias,
    int Groups = 1,
    int Dilation = 1,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? KernelWidth = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? PaddingWidth = null)
    : Layer(Name, Inputs)
{
    private int Columns => KernelWidth ?? Kernel;

    private int Sides => PaddingWidth ?? Padding;

    internal bool Depthwise => Groups > 1 && Groups == In;

    private string Weight => Name + ".weight";

    private string BiasName => Name + ".bias";

    internal override bool OutputMayBeOverwritten => true;

    internal override IEnumerable<ParameterSpec> Parameters
    {
        get
        {
            yield return new(Weight, [Out, In / Groups, Kernel, Columns], ParameterRole.Weight);
            if (Bias) yield return new(BiasName, [Out], ParameterRole.Bias);
        }
    }

    internal override ImageShape OutputShape(IReadOnlyList<ImageShape> inputs)
    {
        var input = Single(inputs, In);
        Require(
            In >= 1
                && Out >= 1
                && Kernel >= 1
                && Stride >= 1
                && Dilation >= 1
                && Padding >= 0
                && Padding < (long)Kernel * Dilation,
            "at least one channel, a kernel, a stride and a dilation of at least 1 and a padding from 0 to below the "
                + "kernel");
        Require(
            Columns >= 1 && Sides >= 0 && Sides < (long)Columns * Dilation,
            "a kernel at least 1 wide and a padding at its sides from 0 to below that");
        Require(
            Groups >= 1 && In % Groups == 0 && Out % Groups == 0,
            $"a number of groups that divides its {In} inputs and {Out} outputs, not {Groups}");
        return Slide(input, Out, Kernel, Stride, Padding, Dilation, kernelWidth: Columns, paddingWidth: Sides);
    }

    internal override long MultiplyAccumulates(ImageShape output) =>
        (long)Out * (In / Groups) * Kernel * Columns * output.Height * output.Width;

    internal override void Flow(ChannelGraph flow)
    {
        var input = flow.Input(0);
        var output = flow.Produce(Out);
        if (Depthwise)
        {
            flow.Couple(output, [.. input.SelectMany(c => Enumerable.Repeat(c, Out / In))]);
        }
        else
        {
            flow.CoupleParts(input, Groups);
            flow.CoupleParts(output, Groups);
            flow.Own(Weight, 1, input[..(In / Groups)]);
        }
        flow.Own(Weight, 0, output);
        if (Bias) flow.Own(BiasName, 0, output);
    }

    internal override Layer Narrow(IReadOnlyList<bool[]> inputs, bool[] output)
    {
        var stay = Count(inputs[0]);
        return this with { In = stay, Out = Count(output), Groups = Depthwise ? stay : Groups };
    }

    internal override OnnxValue Export(OnnxLayer layer) =>
        layer.Node(
            "Conv",
            [layer.Image, .. Parameters.Select(p => layer.Parameter(p.Name))],
            [
                .. OnnxAttribute.Window(Kernel, Columns, Stride, Padding, Sides),
                OnnxAttribute.Of("dilations", [Dilation, Dilation]),
                OnnxAttribute.Of("group", Groups),
            ]);

    internal override torch.Tensor Forward(LayerContext context)
    {
        var sampled = SamplesFirst(context.Input.device);
        var input = sampled ? torch.nn.functional.avg_pool2d(context.Input, 1, Stride) : context.Input;
        var stride = sampled ? 1 : Stride;
        return context.Precision.Compute(
            input, context[Weight], Bias ? context[BiasName] : null,
            (images, weight, bias) => torch.nn.functional.conv2d(
                images, weight, bias, [stride, stride], [Padding, Sides], [Dilation, Dilation], Groups));
    }

    /// <summary>
    /// Whether the pixels that a 1x1 convolution with a stride reads are taken out first: otherwise oneDNN writes past
    /// its buffer in the weight gradient of narrow layers (docs/decisions/strided-convolutions.md).
    /// </summary>
    private bool SamplesFirst(torch.Device device) =>
        (Stride, Kernel, Columns, Padding, Sides) is (> 1, 1, 1, 0, 0) && device.type == TorchSharp.DeviceType.CPU;
}
