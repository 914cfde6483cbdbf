using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT;

/// <summary>
/// A definition as a TorchSharp module: pictures [N,C,H,W] in, logits [N,classes] out. Its tensors bear torchvision's
/// names, so <c>state_dict</c> reads like PyTorch's. Owns its tensors.
/// </summary>
/// <remarks>
/// All of them are buffers to TorchSharp: a <c>Parameter</c> takes a tensor over without counting it as gone, and <c>Tensor.TotalCount</c> would
/// grow with every network.
/// </remarks>
internal sealed class NetworkModule : nn.Module<Tensor, Tensor>
{
    private readonly Dictionary<string, Tensor> _tensors = [];
    private readonly (Layer Layer, int[] Inputs, int[] Spent, bool InPlace)[] _steps;
    private Generator? _noise;

    /// <summary>Builds the module around tensors.</summary>
    /// <param name="definition">What to compute.</param>
    /// <param name="tensors">A tensor for each of <see cref="NetworkDefinition.Parameters"/>; leaves that require gradients are trained. The module takes them over.</param>
    public NetworkModule(NetworkDefinition definition, IReadOnlyDictionary<string, Tensor> tensors) : base(definition.Name)
    {
        Definition = definition;
        foreach (var spec in definition.Parameters)
        {
            var tensor = tensors[spec.Name];
            if (!tensor.shape.SequenceEqual(spec.Shape))
                throw new InvalidNetworkException($"Tensor '{spec.Name}' is [{string.Join(',', tensor.shape)}], but network '{definition.Name}' wants [{string.Join(',', spec.Shape)}].");
            // A scope that is open here must not take the tensors away from the module.
            tensor.DetachFromDisposeScope();
            _tensors[spec.Name] = tensor;
            register_buffer(spec.Name, tensor);
        }
        _steps = Schedule(definition);
    }

    /// <summary>What it computes.</summary>
    public NetworkDefinition Definition { get; }

    /// <summary>The tensors that are trained, by name.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Trained => _tensors.Where(t => t.Value.requires_grad);

    /// <summary>Trains from here on, until <c>eval</c>.</summary>
    /// <param name="noise">Where dropout and stochastic depth draw from: the run's generator, so that its seed decides and its state is all there is to save. Not owned.</param>
    public void Train(Generator noise)
    {
        _noise = noise;
        train();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => Run(input);

    /// <summary>Computes with convolutions and matrix products in a narrower type.</summary>
    /// <param name="input">Pictures, [N,C,H,W].</param>
    /// <param name="precision">That type.</param>
    public Tensor Forward(Tensor input, ComputePrecision precision) => Run(input, precision: precision);

    /// <summary>Computes with a mask after each layer, and norms across channels over what stays: the reference that surgery is checked against.</summary>
    /// <param name="input">Pictures, [N,C,H,W].</param>
    /// <param name="mask">For the name of a layer, one factor a channel.</param>
    public Tensor Masked(Tensor input, Func<string, IReadOnlyList<float>> mask) => Run(input, mask);

    /// <summary>Computes and shows the output of each layer on the way; it may be overwritten afterwards.</summary>
    /// <param name="input">Pictures, [N,C,H,W].</param>
    /// <param name="observe">Is given the name of a layer and its output.</param>
    public Tensor Observed(Tensor input, Action<string, Tensor> observe) => Run(input, seen: observe);

    /// <summary>The first layer whose output for some pictures holds a value that is not finite; null when there is none.</summary>
    /// <param name="input">Pictures, [N,C,H,W].</param>
    public string? FirstNotFinite(Tensor input)
    {
        string? first = null;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Run(input.alias(), seen: (layer, output) =>
        {
            if (first is null && !output.isfinite().all().item<bool>()) first = layer;
        });
        return first;
    }

    private Tensor Run(Tensor input, Func<string, IReadOnlyList<float>>? mask = null, Action<string, Tensor>? seen = null, ComputePrecision precision = default)
    {
        var values = new Tensor[_steps.Length + 1];
        values[0] = input;
        for (var i = 0; i < _steps.Length; i++)
        {
            var (layer, inputs, spent, inPlace) = _steps[i];
            var factors = mask is null ? null : torch.tensor(mask(layer.Name).ToArray(), dtype: input.dtype, device: input.device).view(1, -1, 1, 1);
            var output = layer.Forward(new(Array.ConvertAll(inputs, v => values[v]), _tensors, training, inPlace, _noise, factors, precision));
            if (factors is not null) output = output.mul(factors);
            seen?.Invoke(layer.Name, output);
            values[i + 1] = output;
            // Autograd holds what the backward pass needs; our own handles would keep every activation of the step alive.
            // An in-place operator may give its input back.
            foreach (var v in spent)
            {
                if (!ReferenceEquals(values[v], output)) values[v].Dispose();
            }
        }
        using var last = values[^1];
        return last.flatten(1);
    }

    /// <summary>Numbers the values (0 is the input) and finds, for each layer, which of its inputs are read for the last time.</summary>
    private static (Layer, int[], int[], bool)[] Schedule(NetworkDefinition definition)
    {
        var number = new Dictionary<string, int> { [NetworkDefinition.InputName] = 0 };
        var lastUse = new Dictionary<int, int>();
        var uses = new int[definition.Layers.Count + 1];
        for (var i = 0; i < definition.Layers.Count; i++)
        {
            foreach (var v in definition.Layers[i].Inputs.Select(n => number[n]))
            {
                lastUse[v] = i;
                uses[v]++;
            }
            number[definition.Layers[i].Name] = i + 1;
        }
        return [.. definition.Layers.Select((layer, i) =>
        {
            var inputs = layer.Inputs.Select(n => number[n]).ToArray();
            var spent = inputs.Where(v => v > 0 && lastUse[v] == i).Distinct().ToArray();
            // Overwriting needs the only reader, for others may keep what they read for their backward pass, and a maker that does without its output.
            var inPlace = inputs[0] > 0 && uses[inputs[0]] == 1 && definition.Layers[inputs[0] - 1].OutputMayBeOverwritten;
            return (layer, inputs, spent, inPlace);
        })];
    }
}
