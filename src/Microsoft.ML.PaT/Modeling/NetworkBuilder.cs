using Microsoft.ML.PaT.Modeling;

namespace Microsoft.ML.PaT;

/// <summary>
/// Builds a <see cref="NetworkDefinition"/> layer by layer. The channels of inputs follow from the previous layers.
/// </summary>
/// <remarks>
/// Each method takes the names of the layer and its inputs, and returns the name of the layer for use by later layers.
/// A layer that does not fit its inputs throws <see cref="InvalidOptionsException"/> with its name.
/// <example>
/// <code>
/// var builder = new NetworkBuilder("tiny", new(3, 32, 32));
/// var x = builder.Convolution("conv", NetworkDefinition.InputName, channels: 16, kernel: 3);
/// x = builder.Relu("relu", builder.BatchNorm("bn", x));
/// x = builder.Residual("block", x, y =>
///     builder.Relu("block.relu", builder.Convolution("block.conv", y, 16, kernel: 3)));
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

    /// <summary>Creates a builder without layers.</summary>
    /// <param name="name">Name of the network.</param>
    /// <param name="input">Shape of an image, [C,H,W].</param>
    public NetworkBuilder(string name, ImageShape input)
    {
        _name = name;
        _input = input;
        _shapes = new() { [NetworkDefinition.InputName] = input };
    }

    /// <summary>Returns the output shape of a layer, [C,H,W]; vectors are [C,1,1].</summary>
    /// <param name="layer">Name of a layer that was added, or <see cref="NetworkDefinition.InputName"/>.</param>
    /// <exception cref="InvalidOptionsException">There is no such layer.</exception>
    public ImageShape Shape(string layer) =>
        _shapes.TryGetValue(layer, out var shape)
            ? shape
            : throw new InvalidOptionsException(
                ErrorCodes.NetworkInvalid, $"Network '{_name}' has no layer '{layer}' yet.");

    /// <summary>Adds a convolution. The default padding keeps the size with stride 1.</summary>
    /// <param name="name">Name of the layer.</param>
    /// <param name="input">Name of the input.</param>
    /// <param name="channels">Output channels.</param>
    /// <param name="kernel">Height and width of the kernel, in pixels.</param>
    /// <param name="stride">Stride in pixels.</param>
    /// <param name="padding">Zero padding in pixels; null keeps the size.</param>
    /// <param name="groups">Number of groups; equal to the input channels for a depthwise convolution.</param>
    /// <param name="dilation">Dilation in pixels.</param>
    /// <param name="bias">Whether to add a bias per channel.</param>
    /// <param name="kernelWidth">Width of the kernel, in pixels; null for a square kernel. The horizontal padding then
    /// keeps the width.</param>
    public string Convolution(
        string name,
        string input,
        int channels,
        int kernel,
        int stride = 1,
        int? padding = null,
        int groups = 1,
        int dilation = 1,
        bool bias = false,
        int? kernelWidth = null) =>
        Add(
            new ConvolutionLayer(
                name,
                [input],
                Channels(name, input),
                channels,
                kernel,
                stride,
                padding ?? dilation * (kernel / 2),
                bias,
                groups,
                dilation,
                kernelWidth,
                dilation * (kernelWidth / 2)));

    /// <summary>Adds a batch-norm.</summary>
    /// <param name="name">Name of the layer.</param>
    /// <param name="input">Name of the input.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="momentum">Weight of a new batch in the running statistics, 0 to 1.</param>
    public string BatchNorm(string name, string input, double epsilon = 1e-5, double momentum = 0.1) =>
        Add(new BatchNormLayer(name, [input], Channels(name, input), epsilon, momentum));

    /// <summary>Adds a layer-norm over the channels of every pixel or token.</summary>
    /// <param name="name">Name of the layer.</param>
    /// <param name="input">Name of the input.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public string LayerNorm(string name, string input, double epsilon = 1e-5) =>
        Add(new LayerNormLayer(name, [input], Channels(name, input), epsilon));

    /// <summary>Adds a group-norm over all pixels of each of several equal groups of channels.</summary>
    /// <param name="name">Name of the layer.</param>
    /// <param name="input">Name of the input.</param>
    /// <param name="groups">Number of groups.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public string GroupNorm(string name, string input, int groups, double epsilon = 1e-5) =>
        Add(new GroupNormLayer(name, [input], Channels(name, input), groups, epsilon));

    /// <summary>Adds a learned factor per channel, initialized near 0, for the branch of a residual block.</summary>
    public string Scale(string name, string input) => Add(new ScaleLayer(name, [input], Channels(name, input)));

    /// <summary>Adds a ReLU.</summary>
    public string Relu(string name, string input) => Activation(name, input, ActivationFunction.Relu);

    /// <summary>Adds an elementwise activation.</summary>
    public string Activation(string name, string input, ActivationFunction function) =>
        Add(new ActivationLayer(name, [input], function));

    /// <summary>Adds the sum of two layers of the same shape.</summary>
    public string Sum(string name, string one, string other) => Add(new AddLayer(name, [one, other]));

    /// <summary>Adds the product of two layers; the second may have one value per channel.</summary>
    public string Multiply(string name, string one, string other) => Add(new MultiplyLayer(name, [one, other]));

    /// <summary>Adds the concatenation of the channels of several layers.</summary>
    public string Concatenate(string name, params IReadOnlyList<string> inputs) =>
        Add(new ConcatenateLayer(name, inputs));

    /// <summary>Adds a selection of channels in the given order, such as a split or a shuffle.</summary>
    public string SelectChannels(string name, string input, IReadOnlyList<int> channels) =>
        Add(new SelectChannelsLayer(name, [input], channels));

    /// <summary>Adds a shortcut without parameters: every stride-th pixel, with zero channels on both sides.</summary>
    /// <param name="name">Name of the layer.</param>
    /// <param name="input">Name of the input.</param>
    /// <param name="channels">Output channels, at least those of the input. If the number of zero channels is odd, the
    /// additional one is at the end.</param>
    /// <param name="stride">Stride in pixels.</param>
    public string ZeroPad(string name, string input, int channels, int stride)
    {
        var zeros = channels - Channels(name, input);
        return Add(new ZeroPadLayer(name, [input], zeros / 2, zeros - zeros / 2, stride));
    }

    /// <summary>Adds max pooling with a square kernel.</summary>
    public string MaxPool(string name, string input, int kernel, int stride, int padding = 0, bool roundUp = false) =>
        Add(new MaxPoolLayer(name, [input], kernel, stride, padding, roundUp));

    /// <summary>Adds average pooling with a square kernel.</summary>
    public string AveragePool(
        string name, string input, int kernel, int stride, int padding = 0, bool excludePadding = false) =>
        Add(new AveragePoolLayer(name, [input], kernel, stride, padding, excludePadding));

    /// <summary>Adds a border of constant pixels.</summary>
    /// <param name="name">Name of the layer.</param>
    /// <param name="input">Name of the input.</param>
    /// <param name="top">Rows above the image.</param>
    /// <param name="left">Columns left of the image.</param>
    /// <param name="bottom">Rows below the image.</param>
    /// <param name="right">Columns right of the image.</param>
    /// <param name="value">Value of the border.</param>
    public string PixelPad(string name, string input, int top, int left, int bottom, int right, float value = 0) =>
        Add(new PixelPadLayer(name, [input], top, left, bottom, right, value));

    /// <summary>Adds every stride-th pixel of a rectangle.</summary>
    /// <param name="name">Name of the layer.</param>
    /// <param name="input">Name of the input.</param>
    /// <param name="top">First row.</param>
    /// <param name="left">First column.</param>
    /// <param name="height">Rows of the output.</param>
    /// <param name="width">Columns of the output.</param>
    /// <param name="stride">Stride in pixels.</param>
    public string PixelSlice(string name, string input, int top, int left, int height, int width, int stride = 1) =>
        Add(new PixelSliceLayer(name, [input], top, left, height, width, stride));

    /// <summary>Adds average pooling to a given output size.</summary>
    public string AdaptiveAveragePool(string name, string input, int height, int width) =>
        Add(new AdaptiveAveragePoolLayer(name, [input], height, width));

    /// <summary>Adds the mean over all pixels.</summary>
    public string GlobalAveragePool(string name, string input) => Add(new GlobalAveragePoolLayer(name, [input]));

    /// <summary>Adds all values of a layer as a vector.</summary>
    public string Flatten(string name, string input) => Add(new FlattenLayer(name, [input]));

    /// <summary>Adds dropout.</summary>
    /// <param name="name">Name of the layer.</param>
    /// <param name="input">Name of the input.</param>
    /// <param name="rate">Probability of zeroing a value, 0 to 1, 1 excluded.</param>
    public string Dropout(string name, string input, double rate) => Add(new DropoutLayer(name, [input], rate));

    /// <summary>Adds stochastic depth, for the branch of a residual block.</summary>
    /// <param name="name">Name of the layer.</param>
    /// <param name="input">Name of the input.</param>
    /// <param name="rate">Probability that an image skips the branch, 0 to 1, 1 excluded.</param>
    public string StochasticDepth(string name, string input, double rate) =>
        Add(new StochasticDepthLayer(name, [input], rate));

    /// <summary>Adds a fully connected layer with bias, applied to every pixel or token separately.</summary>
    public string Linear(string name, string input, int outputs) =>
        Add(new LinearLayer(name, [input], Channels(name, input), outputs));

    /// <summary>Adds the pixels as a row of tokens, [C,1,L], preceded by a learned class token.</summary>
    public string ClassToken(string name, string input) =>
        Add(new ClassTokenLayer(name, [input], Channels(name, input)));

    /// <summary>Adds a learned position embedding to the tokens of a row.</summary>
    public string PositionEmbedding(string name, string input) =>
        Add(new PositionEmbeddingLayer(name, [input], Channels(name, input), Shape(input).Width));

    /// <summary>Adds one token of a row as a vector.</summary>
    /// <param name="name">Name of the layer.</param>
    /// <param name="input">Name of the input, a row of tokens.</param>
    /// <param name="token">Index of the token; the class token is 0.</param>
    public string SelectToken(string name, string input, int token = 0) =>
        Add(new SelectTokenLayer(name, [input], token));

    /// <summary>
    /// Adds self-attention; the output concatenates its heads. A linear layer that mixes them usually follows.
    /// </summary>
    /// <param name="name">Name of the layer.</param>
    /// <param name="input">Name of the input, pixels or tokens.</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="headWidth">Channels per head.</param>
    public string Attention(string name, string input, int heads, int headWidth) =>
        Add(new AttentionLayer(name, [input], Channels(name, input), heads, headWidth));

    /// <summary>Adds self-attention in square windows of pixels; the output concatenates its heads.</summary>
    /// <param name="name">Name of the layer.</param>
    /// <param name="input">Name of the input, an image whose sides are multiples of the window's.</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="headWidth">Channels per head.</param>
    /// <param name="window">Rows and columns of a window.</param>
    /// <param name="shift">Rows and columns by which the image is rolled before it is divided into windows.</param>
    /// <param name="grid">Whether the pixels of a window are spaced over the image instead of adjacent.</param>
    public string WindowAttention(
        string name, string input, int heads, int headWidth, int window, int shift = 0, bool grid = false) =>
        Add(
            new WindowAttentionLayer(
                name, [input], Channels(name, input), heads, headWidth, window, window, shift, shift, grid));

    /// <summary>Adds a residual block: the sum of a branch and a shortcut.</summary>
    /// <param name="name">Name of the sum.</param>
    /// <param name="input">Name of the input of both.</param>
    /// <param name="branch">Adds the layers of the branch after the given layer and returns the last one.</param>
    /// <param name="shortcut">Adds the layers of the shortcut; null for the identity.</param>
    public string Residual(
        string name, string input, Func<string, string> branch, Func<string, string>? shortcut = null)
    {
        ArgumentNullException.ThrowIfNull(branch);
        var end = branch(input);
        return Sum(name, end, shortcut?.Invoke(input) ?? input);
    }

    /// <summary>Adds parallel branches and concatenates their channels.</summary>
    /// <param name="name">Name of the concatenation.</param>
    /// <param name="input">Name of the input of all branches.</param>
    /// <param name="branches">Each adds the layers of a branch after the given layer and returns the last one.</param>
    public string Branches(string name, string input, params IReadOnlyList<Func<string, string>> branches)
    {
        ArgumentNullException.ThrowIfNull(branches);
        return Concatenate(name, [.. branches.Select(b => b(input))]);
    }

    /// <summary>Checks the layers and creates the definition.</summary>
    /// <exception cref="InvalidOptionsException">The layers are inconsistent; the message names the layer.</exception>
    public NetworkDefinition Build() => new(_name, _input, _layers);

    private string Add(Layer layer)
    {
        var shape = layer.OutputShape([.. layer.Inputs.Select(i => Input(layer.Name, i))]);
        _layers.Add(layer);
        _shapes[layer.Name] = shape;
        return layer.Name;
    }

    private int Channels(string layer, string input) => Input(layer, input).Channels;

    private ImageShape Input(string layer, string input) =>
        _shapes.TryGetValue(input, out var shape)
            ? shape
            : throw new InvalidOptionsException(
                ErrorCodes.NetworkInvalid, $"Layer '{layer}' reads '{input}', and no layer before it has that name.");
}
