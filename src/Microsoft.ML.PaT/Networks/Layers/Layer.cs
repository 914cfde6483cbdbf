using System.Text.Json.Serialization;
using TorchSharp;

namespace Microsoft.ML.PaT;

/// <summary>
/// One named node of a <see cref="NetworkDefinition"/>. A kind of layer is one file: what is stored, the shapes it makes, the tensors it
/// owns, what it costs, how channels run through it, and how it computes.
/// </summary>
/// <param name="Name">Unique name within the network, as torchvision has it: <c>layer1.0.conv1</c>.</param>
/// <param name="Inputs">Names of the layers whose outputs it reads; the pictures are called <see cref="NetworkDefinition.InputName"/>.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ConvolutionLayer), "convolution")]
[JsonDerivedType(typeof(BatchNormLayer), "batchNorm")]
[JsonDerivedType(typeof(ReluLayer), "relu")]
[JsonDerivedType(typeof(AddLayer), "add")]
[JsonDerivedType(typeof(GlobalAveragePoolLayer), "globalAveragePool")]
[JsonDerivedType(typeof(LinearLayer), "linear")]
public abstract record Layer(string Name, IReadOnlyList<string> Inputs)
{
    /// <summary>The shape of the output, [C,H,W], for inputs of these shapes; vectors are [C,1,1].</summary>
    /// <exception cref="InvalidNetworkException">The inputs do not fit; the message names the layer.</exception>
    internal abstract ImageShape OutputShape(IReadOnlyList<ImageShape> inputs);

    /// <summary>The tensors this layer owns; none unless it says otherwise.</summary>
    internal virtual IEnumerable<ParameterSpec> Parameters => [];

    /// <summary>Multiply-accumulates for one picture.</summary>
    internal virtual long MultiplyAccumulates(ImageShape output) => 0;

    /// <summary>Says how channels of the inputs become channels of the output, and which slices of its tensors belong to which channel.</summary>
    internal abstract void Flow(ChannelFlow flow);

    /// <summary>The same layer for other widths.</summary>
    /// <param name="inputs">Channels of each input.</param>
    /// <param name="output">Channels of the output.</param>
    internal virtual Layer WithWidths(IReadOnlyList<int> inputs, int output) => this;

    /// <summary>Computes the output, [N,C,H,W] or [N,C] after pooling. Never disposes an input.</summary>
    internal abstract torch.Tensor Forward(LayerContext context);

    /// <summary>Whether the backward pass does without this layer's output, so that a following activation may overwrite it.</summary>
    internal virtual bool OutputMayBeOverwritten => false;

    private protected ImageShape Single(IReadOnlyList<ImageShape> inputs) => inputs.Count == 1
        ? inputs[0]
        : throw new InvalidNetworkException($"Layer '{Name}' takes one input and names {inputs.Count}.");

    private protected ImageShape Single(IReadOnlyList<ImageShape> inputs, int channels)
    {
        var input = Single(inputs);
        return input.Channels == channels
            ? input
            : throw new InvalidNetworkException($"Layer '{Name}' takes {channels} channels, but '{Inputs[0]}' gives {input.Channels}.");
    }
}
