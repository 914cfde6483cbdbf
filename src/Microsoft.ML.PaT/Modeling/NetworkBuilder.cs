using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Modeling;

namespace Microsoft.ML.PaT;

/// <summary>Builds a <see cref="NetworkDefinition"/> layer by layer; widths of inputs are filled in from what comes before.</summary>
/// <remarks>
/// Each method takes the name of the layer and those it reads, and returns the name of the layer it adds, to be read by later ones. A layer
/// that does not fit is an <see cref="InvalidOptionsException"/> that names it.
/// <example>
/// <code>
/// var builder = new NetworkBuilder("tiny", new(3, 32, 32));
/// var x = builder.Relu("relu", builder.BatchNorm("bn", builder.Convolution("conv", NetworkDefinition.InputName, channels: 16, kernel: 3)));
/// x = builder.Residual("block", x, y => builder.Relu("block.relu", builder.Convolution("block.conv", y, 16, kernel: 3)));
/// builder.Linear("fc", builder.GlobalAveragePool("pool", x), outputs: 10);
/// var network = builder.Build();
/// </code>
/// </example>
/// </remarks>
public sealed class NetworkBuilder
{
    private readonly string _name;
    private readonly ImageShape _input;
    private readonly List<Layer> _layers = [];
    private readonly Dictionary<string, ImageShape> _shapes;

    /// <summary>Starts a network.</summary>
    /// <param name="name">Name of the network.</param>
    /// <param name="input">Shape of one image, [C,H,W].</param>
    public NetworkBuilder(string name, ImageShape input)
    {
        _name = name;
        _input = input;
        _shapes = new() { [NetworkDefinition.InputName] = input };
    }

    /// <summary>The shape of what a layer gives, [C,H,W]; vectors are [C,1,1].</summary>
    /// <param name="layer">Name of a layer added before, or <see cref="NetworkDefinition.InputName"/>.</param>
    /// <exception cref="InvalidOptionsException">There is no layer of that name.</exception>
    public ImageShape Shape(string layer) => _shapes.TryGetValue(layer, out var shape)
        ? shape
        : throw new InvalidOptionsException(ErrorCodes.NetworkInvalid, $"Network '{_name}' has no layer '{layer}' yet.");

    /// <summary>Adds a convolution, padded so that stride 1 keeps the size unless told otherwise.</summary>
    /// <param name="name">Name of the layer.</param>
    /// <param name="input">The layer it reads.</param>
    /// <param name="channels">Channels of the output.</param>
    /// <param name="kernel">Height and width of the kernel, in pixels.</param>
    /// <param name="stride">Step, in pixels.</param>
    /// <param name="padding">Zeros around the input, in pixels; null keeps the size.</param>
    /// <param name="groups">Parts into which inputs and outputs are cut; as many as inputs make it depthwise.</param>
    /// <param name="dilation">Step within the kernel, in pixels.</param>
    /// <param name="bias">Whether it adds a bias a channel.</param>
    /// <param name="kernelWidth">Width of the kernel, in pixels; null for that of a square. Zeros left and right then keep the width of the image.</param>
    public string Convolution(
        string name, string input, int channels, int kernel, int stride = 1, int? padding = null, int groups = 1, int dilation = 1, bool bias = false, int? kernelWidth = null)
        => Add(new ConvolutionLayer(
            name, [input], Channels(name, input), channels, kernel, stride, padding ?? dilation * (kernel / 2), bias, groups, dilation,
            kernelWidth, dilation * (kernelWidth / 2)));

    /// <summary>Adds a batch-norm.</summary>
    /// <param name="name">Name of the layer.</param>
    /// <param name="input">The layer it reads.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="momentum">Weight of a new batch in the running statistics, fraction 0 to 1.</param>
    public string BatchNorm(string name, string input, double epsilon = 1e-5, double momentum = 0.1) => Add(new BatchNormLayer(name, [input], Channels(name, input), epsilon, momentum));

    /// <summary>Adds a layer-norm: over the channels of every pixel or token by itself.</summary>
    /// <param name="name">Name of the layer.</param>
    /// <param name="input">The layer it reads.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public string LayerNorm(string name, string input, double epsilon = 1e-5) => Add(new LayerNormLayer(name, [input], Channels(name, input), epsilon));

    /// <summary>Adds a group-norm: over all pixels of each of several equal parts of the channels.</summary>
    /// <param name="name">Name of the layer.</param>
    /// <param name="input">The layer it reads.</param>
    /// <param name="groups">Parts into which the channels are cut.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public string GroupNorm(string name, string input, int groups, double epsilon = 1e-5) => Add(new GroupNormLayer(name, [input], Channels(name, input), groups, epsilon));

    /// <summary>Adds a learned factor a channel that begins near 0, for the branch of a residual block.</summary>
    public string Scale(string name, string input) => Add(new ScaleLayer(name, [input], Channels(name, input)));

    /// <summary>Adds a ReLU.</summary>
    public string Relu(string name, string input) => Activation(name, input, ActivationFunction.Relu);

    /// <summary>Adds a function of every single value.</summary>
    public string Activation(string name, string input, ActivationFunction function) => Add(new ActivationLayer(name, [input], function));

    /// <summary>Adds the sum of two layers of the same shape.</summary>
    public string Sum(string name, string one, string other) => Add(new AddLayer(name, [one, other]));

    /// <summary>Adds the product of two layers; the second may have one value a channel.</summary>
    public string Multiply(string name, string one, string other) => Add(new MultiplyLayer(name, [one, other]));

    /// <summary>Adds the channels of several layers, one after the other.</summary>
    public string Concatenate(string name, params IReadOnlyList<string> inputs) => Add(new ConcatenateLayer(name, inputs));

    /// <summary>Adds some channels of a layer, in the order given: a split or a shuffle.</summary>
    public string SelectChannels(string name, string input, IReadOnlyList<int> channels) => Add(new SelectChannelsLayer(name, [input], channels));

    /// <summary>Adds a shortcut without parameters: every stride-th pixel, and channels of zeros on either side up to a number of channels.</summary>
    /// <param name="name">Name of the layer.</param>
    /// <param name="input">The layer it reads.</param>
    /// <param name="channels">Channels of the output, at least those of the input; an odd channel of zeros comes last.</param>
    /// <param name="stride">Step, in pixels.</param>
    public string ZeroPad(string name, string input, int channels, int stride)
    {
        var zeros = channels - Channels(name, input);
        return Add(new ZeroPadLayer(name, [input], zeros / 2, zeros - zeros / 2, stride));
    }

    /// <summary>Adds the largest value under a square kernel.</summary>
    public string MaxPool(string name, string input, int kernel, int stride, int padding = 0, bool roundUp = false) => Add(new MaxPoolLayer(name, [input], kernel, stride, padding, roundUp));

    /// <summary>Adds the mean under a square kernel.</summary>
    public string AveragePool(string name, string input, int kernel, int stride, int padding = 0, bool excludePadding = false) =>
        Add(new AveragePoolLayer(name, [input], kernel, stride, padding, excludePadding));

    /// <summary>Adds pixels of one value around an image.</summary>
    /// <param name="name">Name of the layer.</param>
    /// <param name="input">The layer it reads.</param>
    /// <param name="top">Rows before the first.</param>
    /// <param name="left">Columns before the first.</param>
    /// <param name="bottom">Rows after the last.</param>
    /// <param name="right">Columns after the last.</param>
    /// <param name="value">Their value.</param>
    public string PixelPad(string name, string input, int top, int left, int bottom, int right, float value = 0) =>
        Add(new PixelPadLayer(name, [input], top, left, bottom, right, value));

    /// <summary>Adds every stride-th pixel of a part of an image.</summary>
    /// <param name="name">Name of the layer.</param>
    /// <param name="input">The layer it reads.</param>
    /// <param name="top">Row that becomes the first.</param>
    /// <param name="left">Column that becomes the first.</param>
    /// <param name="height">Rows of the output.</param>
    /// <param name="width">Columns of the output.</param>
    /// <param name="stride">Step, in pixels.</param>
    public string PixelSlice(string name, string input, int top, int left, int height, int width, int stride = 1) =>
        Add(new PixelSliceLayer(name, [input], top, left, height, width, stride));

    /// <summary>Adds the means over a grid of a given size.</summary>
    public string AdaptiveAveragePool(string name, string input, int height, int width) => Add(new AdaptiveAveragePoolLayer(name, [input], height, width));

    /// <summary>Adds the mean over all pixels.</summary>
    public string GlobalAveragePool(string name, string input) => Add(new GlobalAveragePoolLayer(name, [input]));

    /// <summary>Adds all values of a layer as one vector.</summary>
    public string Flatten(string name, string input) => Add(new FlattenLayer(name, [input]));

    /// <summary>Adds dropout.</summary>
    /// <param name="name">Name of the layer.</param>
    /// <param name="input">The layer it reads.</param>
    /// <param name="rate">Probability of 0, fraction 0 to below 1.</param>
    public string Dropout(string name, string input, double rate) => Add(new DropoutLayer(name, [input], rate));

    /// <summary>Adds stochastic depth, for the branch of a residual block.</summary>
    /// <param name="name">Name of the layer.</param>
    /// <param name="input">The layer it reads.</param>
    /// <param name="rate">Probability that an image skips the branch, fraction 0 to below 1.</param>
    public string StochasticDepth(string name, string input, double rate) => Add(new StochasticDepthLayer(name, [input], rate));

    /// <summary>Adds a fully connected layer with bias; it computes every pixel or token by itself.</summary>
    public string Linear(string name, string input, int outputs) => Add(new LinearLayer(name, [input], Channels(name, input), outputs));

    /// <summary>Adds the pixels as a row of tokens, [C,1,L], with a learned token before them.</summary>
    public string ClassToken(string name, string input) => Add(new ClassTokenLayer(name, [input], Channels(name, input)));

    /// <summary>Adds a learned value to every channel of every token of a row.</summary>
    public string PositionEmbedding(string name, string input) => Add(new PositionEmbeddingLayer(name, [input], Channels(name, input), Shape(input).Width));

    /// <summary>Adds one token of a row as a vector.</summary>
    /// <param name="name">Name of the layer.</param>
    /// <param name="input">The layer it reads, tokens in a row.</param>
    /// <param name="token">Number of the token; the class token is 0.</param>
    public string SelectToken(string name, string input, int token = 0) => Add(new SelectTokenLayer(name, [input], token));

    /// <summary>Adds self-attention: the outputs of its heads side by side. A linear layer that mixes them usually follows.</summary>
    /// <param name="name">Name of the layer.</param>
    /// <param name="input">The layer it reads, pixels or tokens.</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="headWidth">Channels of one head.</param>
    public string Attention(string name, string input, int heads, int headWidth) => Add(new AttentionLayer(name, [input], Channels(name, input), heads, headWidth));

    /// <summary>Adds self-attention within square windows of pixels: the outputs of its heads side by side.</summary>
    /// <param name="name">Name of the layer.</param>
    /// <param name="input">The layer it reads, an image whose sides are multiples of the window's.</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="headWidth">Channels of one head.</param>
    /// <param name="window">Rows and columns of a window.</param>
    /// <param name="shift">Rows and columns by which the image is rolled before it is cut into windows.</param>
    /// <param name="grid">Whether the pixels of a window lie apart instead of side by side.</param>
    public string WindowAttention(string name, string input, int heads, int headWidth, int window, int shift = 0, bool grid = false) =>
        Add(new WindowAttentionLayer(name, [input], Channels(name, input), heads, headWidth, window, window, shift, shift, grid));

    /// <summary>Adds a residual block: the sum of a branch and a shortcut around it.</summary>
    /// <param name="name">Name of the sum.</param>
    /// <param name="input">The layer that both read.</param>
    /// <param name="branch">Adds the layers of the branch after the one it is given and returns the last.</param>
    /// <param name="shortcut">Likewise for the shortcut; null for the input itself.</param>
    public string Residual(string name, string input, Func<string, string> branch, Func<string, string>? shortcut = null)
    {
        ArgumentNullException.ThrowIfNull(branch);
        var end = branch(input);
        return Sum(name, end, shortcut?.Invoke(input) ?? input);
    }

    /// <summary>Adds branches side by side, their channels joined in order.</summary>
    /// <param name="name">Name of the concatenation.</param>
    /// <param name="input">The layer that all read.</param>
    /// <param name="branches">Each adds the layers of a branch after the one it is given and returns the last.</param>
    public string Branches(string name, string input, params IReadOnlyList<Func<string, string>> branches)
    {
        ArgumentNullException.ThrowIfNull(branches);
        return Concatenate(name, [.. branches.Select(b => b(input))]);
    }

    /// <summary>Checks the layers and puts them together.</summary>
    /// <exception cref="InvalidOptionsException">The layers do not fit; the message names the one.</exception>
    public NetworkDefinition Build() => new(_name, _input, _layers);

    private string Add(Layer layer)
    {
        var shape = layer.OutputShape([.. layer.Inputs.Select(i => Input(layer.Name, i))]);
        _layers.Add(layer);
        _shapes[layer.Name] = shape;
        return layer.Name;
    }

    private int Channels(string layer, string input) => Input(layer, input).Channels;

    private ImageShape Input(string layer, string input) => _shapes.TryGetValue(input, out var shape)
        ? shape
        : throw new InvalidOptionsException(ErrorCodes.NetworkInvalid, $"Layer '{layer}' reads '{input}', and no layer before it has that name.");
}
