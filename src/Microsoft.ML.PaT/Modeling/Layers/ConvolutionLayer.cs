using System.Text.Json.Serialization;
using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Modeling.Layers;
using Microsoft.ML.PaT.Modeling.OnnxImport;
using Microsoft.ML.PaT.Onnx;
using TorchSharp;

namespace Microsoft.ML.PaT.Modeling;

/// <summary>
/// A two-dimensional convolution, with square kernels unless their width is given: [N,In,H,W] to [N,Out,H',W'], H' = (H + 2 Padding - Dilation (Kernel - 1) - 1) / Stride + 1.
/// With as many groups as inputs it is depthwise: input i makes outputs i m to i m + m - 1, m = Out / In, and they stay or go together.
/// With fewer groups, channels at the same place of every group stay or go together, so that the groups stay equal.
/// </summary>
/// <param name="Name">Unique name.</param>
/// <param name="Inputs">The one input.</param>
/// <param name="In">Channels of the input.</param>
/// <param name="Out">Channels of the output.</param>
/// <param name="Kernel">Height of the kernel, in pixels, and its width unless that is given.</param>
/// <param name="Stride">Step, in pixels.</param>
/// <param name="Padding">Zeros around the input, in pixels; above and below it where the width of the padding is given.</param>
/// <param name="Bias">Whether it adds a bias a channel.</param>
/// <param name="Groups">Parts into which inputs and outputs are cut; each part of the outputs reads one part of the inputs.</param>
/// <param name="Dilation">Step within the kernel, in pixels.</param>
/// <param name="KernelWidth">Width of the kernel, in pixels; null for that of a square.</param>
/// <param name="PaddingWidth">Zeros left and right of the input, in pixels; null for as many as above and below.</param>
internal sealed record ConvolutionLayer(
    string Name, IReadOnlyList<string> Inputs, int In, int Out, int Kernel, int Stride, int Padding, bool Bias, int Groups = 1, int Dilation = 1,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? KernelWidth = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? PaddingWidth = null)
    : Layer(Name, Inputs)
{
    private int Columns => KernelWidth ?? Kernel;

    private int Sides => PaddingWidth ?? Padding;

    private bool Depthwise => Groups > 1 && Groups == In;

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
        Require(In >= 1 && Out >= 1 && Kernel >= 1 && Stride >= 1 && Dilation >= 1 && Padding >= 0 && Padding < (long)Kernel * Dilation, "at least one channel, a kernel, a stride and a dilation of at least 1 and a padding from 0 to below the kernel");
        Require(Columns >= 1 && Sides >= 0 && Sides < (long)Columns * Dilation, "a kernel at least 1 wide and a padding at its sides from 0 to below that");
        Require(Groups >= 1 && In % Groups == 0 && Out % Groups == 0, $"a number of groups that divides its {In} inputs and {Out} outputs, not {Groups}");
        return Slide(input, Out, Kernel, Stride, Padding, Dilation, kernelWidth: Columns, paddingWidth: Sides);
    }

    internal override long MultiplyAccumulates(ImageShape output) => (long)Out * (In / Groups) * Kernel * Columns * output.Height * output.Width;

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

    internal override OnnxValue Export(OnnxLayer layer) => layer.Node(
        "Conv",
        [layer.Image, .. Parameters.Select(p => layer.Parameter(p.Name))],
        [.. OnnxAttribute.Window(Kernel, Columns, Stride, Padding, Sides), OnnxAttribute.Of("dilations", [Dilation, Dilation]), OnnxAttribute.Of("group", Groups)]);

    internal override torch.Tensor Forward(LayerContext context) => context.Precision.Compute(
        context.Input, context[Weight], Bias ? context[BiasName] : null,
        (input, weight, bias) => torch.nn.functional.conv2d(
            input, weight, bias, [Stride, Stride], [Padding, Sides], [Dilation, Dilation], Groups));
}
