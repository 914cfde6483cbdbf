using System.Text.Json.Serialization;
using Microsoft.ML.PaT.Modeling.Layers;
using Microsoft.ML.PaT.Onnx;
using TorchSharp;

namespace Microsoft.ML.PaT.Modeling;

/// <summary>
/// A node of a <see cref="NetworkDefinition"/>. Each kind of layer is one file that contains its shapes, tensors, cost,
/// channel coupling, computation and ONNX export.
/// </summary>
/// <param name="Name">Unique name within the network, as in torchvision: <c>layer1.0.conv1</c>.</param>
/// <param name="Inputs">Names of the layers that it reads; the images are
/// <see cref="NetworkDefinition.InputName"/>.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ConvolutionLayer), "convolution")]
[JsonDerivedType(typeof(BatchNormLayer), "batchNorm")]
[JsonDerivedType(typeof(GroupNormLayer), "groupNorm")]
[JsonDerivedType(typeof(LayerNormLayer), "layerNorm")]
[JsonDerivedType(typeof(ActivationLayer), "activation")]
[JsonDerivedType(typeof(ScaleLayer), "scale")]
[JsonDerivedType(typeof(AddLayer), "add")]
[JsonDerivedType(typeof(MultiplyLayer), "multiply")]
[JsonDerivedType(typeof(ConcatenateLayer), "concatenate")]
[JsonDerivedType(typeof(SelectChannelsLayer), "selectChannels")]
[JsonDerivedType(typeof(ZeroPadLayer), "zeroPad")]
[JsonDerivedType(typeof(MaxPoolLayer), "maxPool")]
[JsonDerivedType(typeof(AveragePoolLayer), "averagePool")]
[JsonDerivedType(typeof(AdaptiveAveragePoolLayer), "adaptiveAveragePool")]
[JsonDerivedType(typeof(GlobalAveragePoolLayer), "globalAveragePool")]
[JsonDerivedType(typeof(FlattenLayer), "flatten")]
[JsonDerivedType(typeof(DropoutLayer), "dropout")]
[JsonDerivedType(typeof(StochasticDepthLayer), "stochasticDepth")]
[JsonDerivedType(typeof(LinearLayer), "linear")]
[JsonDerivedType(typeof(ClassTokenLayer), "classToken")]
[JsonDerivedType(typeof(PositionEmbeddingLayer), "positionEmbedding")]
[JsonDerivedType(typeof(SelectTokenLayer), "selectToken")]
[JsonDerivedType(typeof(AttentionLayer), "attention")]
[JsonDerivedType(typeof(WindowAttentionLayer), "windowAttention")]
[JsonDerivedType(typeof(PixelSliceLayer), "pixelSlice")]
[JsonDerivedType(typeof(PixelPadLayer), "pixelPad")]
internal abstract record Layer(string Name, IReadOnlyList<string> Inputs)
{
    /// <summary>Output shape, [C,H,W]; vectors are [C,1,1].</summary>
    /// <exception cref="InvalidOptionsException">The inputs do not fit; the message names the layer.</exception>
    internal abstract ImageShape OutputShape(IReadOnlyList<ImageShape> inputs);

    internal virtual IEnumerable<ParameterSpec> Parameters => [];

    /// <summary>Multiply-accumulates per image.</summary>
    internal virtual long MultiplyAccumulates(ImageShape output) => 0;

    /// <summary>
    /// Defines how channels of the inputs become channels of the output, and which slices of tensors belong to which
    /// channel.
    /// </summary>
    internal abstract void Flow(ChannelGraph flow);

    /// <summary>Returns the layer after pruning.</summary>
    /// <param name="inputs">Which channels of each input are kept.</param>
    /// <param name="output">Which channels of the output are kept.</param>
    internal virtual Layer Narrow(IReadOnlyList<bool[]> inputs, bool[] output) => this;

    /// <summary>
    /// Computes the output, [N,C,H,W]; vectors are [N,C,1,1]. Returns a new tensor or handle; never disposes an input.
    /// </summary>
    internal abstract torch.Tensor Forward(LayerContext context);

    /// <summary>Adds the layer, as in prediction, to an ONNX graph.</summary>
    /// <returns>The output.</returns>
    internal abstract OnnxValue Export(OnnxLayer layer);

    /// <summary>
    /// Whether the backward pass does not need this layer's output and no input shares its memory. A later layer may
    /// then overwrite it.
    /// </summary>
    internal virtual bool OutputMayBeOverwritten => false;

    private protected static int Count(IEnumerable<bool> channels) => channels.Count(stays => stays);

    private protected ImageShape Single(IReadOnlyList<ImageShape> inputs) =>
        inputs.Count == 1
            ? inputs[0]
            : throw new InvalidOptionsException(
                ErrorCodes.LayerInvalid, $"Layer '{Name}' takes one input and names {inputs.Count}.");

    private protected ImageShape Single(IReadOnlyList<ImageShape> inputs, int channels)
    {
        var input = Single(inputs);
        return input.Channels == channels
            ? input
            : throw new InvalidOptionsException(
                ErrorCodes.LayerInvalid,
                $"Layer '{Name}' takes {channels} channels, but '{Inputs[0]}' gives {input.Channels}.");
    }

    private protected void Require(bool condition, string what)
    {
        if (!condition) throw new InvalidOptionsException(ErrorCodes.LayerInvalid, $"Layer '{Name}' needs {what}.");
    }

    /// <summary>Output shape of a sliding window.</summary>
    private protected ImageShape Slide(
        ImageShape input,
        int channels,
        int kernel,
        int stride,
        int padding,
        int dilation = 1,
        bool roundUp = false,
        int? kernelWidth = null,
        int? paddingWidth = null)
    {
        int height = Extent(input.Height, kernel, padding),
            width = Extent(input.Width, kernelWidth ?? kernel, paddingWidth ?? padding);
        return height > 0 && width > 0
            ? new(channels, height, width)
            : throw new InvalidOptionsException(
                ErrorCodes.ImageSizeUnfit,
                $"Layer '{Name}' gets {input.Height}x{input.Width} pixels, too few for its "
                    + $"{kernel}x{kernelWidth ?? kernel} kernel; use larger images.");

        int Extent(int size, int kernel, int padding)
        {
            long room = size + 2L * padding - (long)dilation * (kernel - 1) - 1;
            if (room < 0) return 0;
            var steps = (room + (roundUp ? stride - 1 : 0)) / stride + 1;
            // The last window must start inside the image or inside the padding before it.
            return (int)(roundUp && (steps - 1) * stride >= size + padding ? steps - 1 : steps);
        }
    }
}
