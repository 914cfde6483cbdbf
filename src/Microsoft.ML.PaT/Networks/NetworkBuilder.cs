namespace Microsoft.ML.PaT;

/// <summary>Builds a <see cref="NetworkDefinition"/> layer by layer; widths of inputs are filled in from what comes before.</summary>
/// <remarks>Each method returns the name of the layer it adds, to be read by later ones.</remarks>
public sealed class NetworkBuilder
{
    private readonly string _name;
    private readonly ImageShape _input;
    private readonly List<Layer> _layers = [];
    private readonly Dictionary<string, int> _channels;

    /// <summary>Starts a network.</summary>
    /// <param name="name">Name of the network.</param>
    /// <param name="input">Shape of one picture, [C,H,W].</param>
    public NetworkBuilder(string name, ImageShape input)
    {
        _name = name;
        _input = input;
        _channels = new() { [NetworkDefinition.InputName] = input.Channels };
    }

    /// <summary>Adds a convolution without bias, padded so that stride 1 keeps the size.</summary>
    /// <returns>The name of the layer.</returns>
    public string Convolution(string name, string input, int channels, int kernel, int stride = 1)
        => Add(new ConvolutionLayer(name, [input], Channels(name, input), channels, kernel, stride, kernel / 2, Bias: false), channels);

    /// <summary>Adds a batch-norm.</summary>
    /// <returns>The name of the layer.</returns>
    public string BatchNorm(string name, string input) => Add(new BatchNormLayer(name, [input], Channels(name, input)), Channels(name, input));

    /// <summary>Adds a ReLU.</summary>
    /// <returns>The name of the layer.</returns>
    public string Relu(string name, string input) => Add(new ReluLayer(name, [input]), Channels(name, input));

    /// <summary>Adds the sum of two layers.</summary>
    /// <returns>The name of the layer.</returns>
    public string Sum(string name, string one, string other) => Add(new AddLayer(name, [one, other]), Channels(name, one));

    /// <summary>Adds the mean over all pixels.</summary>
    /// <returns>The name of the layer.</returns>
    public string GlobalAveragePool(string name, string input) => Add(new GlobalAveragePoolLayer(name, [input]), Channels(name, input));

    /// <summary>Adds a fully connected layer with bias.</summary>
    /// <returns>The name of the layer.</returns>
    public string Linear(string name, string input, int outputs) => Add(new LinearLayer(name, [input], Channels(name, input), outputs), outputs);

    /// <summary>Checks the layers and puts them together.</summary>
    /// <exception cref="InvalidNetworkException">The layers do not fit; the message names the one.</exception>
    public NetworkDefinition Build() => new(_name, _input, _layers);

    private string Add(Layer layer, int channels)
    {
        _layers.Add(layer);
        _channels[layer.Name] = channels;
        return layer.Name;
    }

    private int Channels(string layer, string input) => _channels.TryGetValue(input, out var channels)
        ? channels
        : throw new InvalidNetworkException($"Layer '{layer}' reads '{input}', and no layer before it has that name.");
}
