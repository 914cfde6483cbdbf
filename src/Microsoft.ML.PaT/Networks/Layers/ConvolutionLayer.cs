using TorchSharp;

namespace Microsoft.ML.PaT;

/// <summary>A two-dimensional convolution with square kernels: [N,In,H,W] to [N,Out,H',W'], H' = (H + 2 Padding - Kernel) / Stride + 1.</summary>
/// <param name="Name">Unique name.</param>
/// <param name="Inputs">The one input.</param>
/// <param name="In">Channels of the input.</param>
/// <param name="Out">Channels of the output.</param>
/// <param name="Kernel">Height and width of the kernel, in pixels.</param>
/// <param name="Stride">Step, in pixels.</param>
/// <param name="Padding">Zeros around the input, in pixels.</param>
/// <param name="Bias">Whether it adds a bias a channel.</param>
public sealed record ConvolutionLayer(string Name, IReadOnlyList<string> Inputs, int In, int Out, int Kernel, int Stride, int Padding, bool Bias)
    : Layer(Name, Inputs)
{
    private string Weight => Name + ".weight";

    private string BiasName => Name + ".bias";

    internal override bool OutputMayBeOverwritten => true;

    internal override IEnumerable<ParameterSpec> Parameters
    {
        get
        {
            yield return new(Weight, [Out, In, Kernel, Kernel], ParameterRole.Weight);
            if (Bias) yield return new(BiasName, [Out], ParameterRole.Bias);
        }
    }

    internal override ImageShape OutputShape(IReadOnlyList<ImageShape> inputs)
    {
        var input = Single(inputs, In);
        if (In < 1 || Out < 1 || Kernel < 1 || Stride < 1 || Padding < 0 || Padding >= Kernel)
            throw new InvalidNetworkException($"Convolution '{Name}' needs at least one channel, a kernel and a stride of at least 1 and a padding from 0 to below the kernel.");
        int height = Extent(input.Height), width = Extent(input.Width);
        return height > 0 && width > 0
            ? new(Out, height, width)
            : throw new InvalidNetworkException($"Convolution '{Name}' gets {input.Height}x{input.Width} pixels, too few for its {Kernel}x{Kernel} kernel; use larger pictures.");
    }

    internal override long MultiplyAccumulates(ImageShape output) => (long)Out * In * Kernel * Kernel * output.Height * output.Width;

    internal override void Flow(ChannelFlow flow)
    {
        var input = flow.Input(0);
        var output = flow.Produce(Out);
        flow.Own(Weight, 0, output);
        flow.Own(Weight, 1, input);
        if (Bias) flow.Own(BiasName, 0, output);
    }

    internal override Layer WithWidths(IReadOnlyList<int> inputs, int output) => this with { In = inputs[0], Out = output };

    internal override torch.Tensor Forward(LayerContext context) => torch.nn.functional.conv2d(
        context.Input, context[Weight], Bias ? context[BiasName] : null, [Stride, Stride], [Padding, Padding]);

    private int Extent(int size) => (size + 2 * Padding - Kernel) / Stride + 1;
}
