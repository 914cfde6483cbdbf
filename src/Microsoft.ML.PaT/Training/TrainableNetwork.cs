using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Modeling.Layers;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Training.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <summary>
/// A network in training: its module, its parameters in two flat buffers (with and without weight decay), and its
/// running statistics in a third. Owns them.
/// </summary>
internal sealed class TrainableNetwork : IDisposable
{
    private const string Value = "value", StepsTaken = "steps";

    /// <param name="values">Values of its tensors by name; copied.</param>
    /// <param name="device">Training device.</param>
    /// <param name="channelsLast">Whether the format is channels-last; null for the rule of scoring.</param>
    /// <param name="type">Data type of its tensors: float32, or float64 where exactness is tested.</param>
    public TrainableNetwork(
        NetworkDefinition definition,
        IReadOnlyDictionary<string, Tensor> values,
        Device device,
        bool? channelsLast = null,
        bool fusedNorms = true,
        ScalarType type = ScalarType.Float32)
        : this(definition, name => values[name], device, channelsLast, fusedNorms, type) { }

    private TrainableNetwork(
        NetworkDefinition definition,
        Func<string, Tensor> value,
        Device device,
        bool? channelsLast,
        bool fusedNorms,
        ScalarType type)
    {
        Definition = definition;
        Device = device;
        ChannelsLast = channelsLast ?? PrefersChannelsLast(definition, device);
        var trainable = definition.Parameters.Where(p => p.Trainable).ToLookup(p => p.Role == ParameterRole.Weight);
        Decayed = new(trainable[true], value, device, ChannelsLast, type);
        Undecayed = new(trainable[false], value, device, ChannelsLast, type);
        Statistics = new(definition.Parameters.Where(p => !p.Trainable), value, device, ChannelsLast, type);
        var tensors = new Dictionary<string, Tensor>();
        foreach (var (name, parameter) in Decayed.Parameters.Concat(Undecayed.Parameters)) tensors[name] = parameter;
        foreach (var name in Statistics.Names) tensors[name] = Statistics.ValueOf(name);
        Tensors = tensors;
        FusedNorms = fusedNorms;
        Module = new(
            definition,
            tensors,
            FusedNorm.AllOf(definition, device, ChannelsLast, fusedNorms)
                .Select(n => (n.Group, (Func<LayerContext, Tensor>)n.Forward)));
    }

    /// <summary>Creates a network with random weights.</summary>
    public static TrainableNetwork Initialize(
        NetworkDefinition definition,
        Generator generator,
        Device device,
        bool? channelsLast = null,
        bool fusedNorms = true)
    {
        using var scope = NewDisposeScope();
        return new(definition, InitialWeights.Draw(definition, generator), device, channelsLast, fusedNorms);
    }

    public NetworkDefinition Definition { get; }

    public Device Device { get; }

    public bool ChannelsLast { get; }

    public bool FusedNorms { get; }

    /// <summary>Computes logits [N,classes] from images [N,C,H,W].</summary>
    public NetworkModule Module { get; }

    /// <summary>Weights of convolutions, linear layers and attention, to which weight decay applies.</summary>
    public FlatParameters Decayed { get; }

    /// <summary>
    /// Scales and shifts of norms, biases, layer scales, class tokens and position embeddings, to which weight decay
    /// does not apply.
    /// </summary>
    public FlatParameters Undecayed { get; }

    /// <summary>Running means and variances of batch-norms.</summary>
    public FlatTensors Statistics { get; }

    /// <summary>Optimizer steps so far, including those before pruning.</summary>
    public long Steps { get; set; }

    public IReadOnlyDictionary<string, Tensor> Tensors { get; }

    public IReadOnlyList<FlatTensors> Flat => [Decayed, Undecayed, Statistics];

    /// <summary>Creates a network from the result of <see cref="State"/>.</summary>
    /// <param name="state">Its tensors; copied.</param>
    /// <param name="device">Training device.</param>
    /// <param name="channelsLast">Whether the format is channels-last; null for the rule.</param>
    public static TrainableNetwork Restore(
        NetworkDefinition definition,
        IReadOnlyDictionary<string, Tensor> state,
        Device device,
        bool? channelsLast = null,
        bool fusedNorms = true)
    {
        using var scope = NewDisposeScope();
        var network = new TrainableNetwork(
            definition, name => state[$"{Value}/{name}"], device, channelsLast, fusedNorms, ScalarType.Float32);
        var parts = state.Keys.Where(k => k.Contains('/')).Select(k => k[..k.IndexOf('/')]).Distinct();
        foreach (var part in parts.Where(p => p != Value))
        {
            foreach (var flat in network.Flat.Where(f => f.Names.Any(name => state.ContainsKey($"{part}/{name}"))))
                flat.Restore(part, name => state[$"{part}/{name}"]);
        }
        if (state.TryGetValue(StepsTaken, out var steps)) network.Steps = steps.item<long>();
        return network;
    }

    /// <summary>
    /// Everything that further training depends on: values, optimizer state and number of steps. In the caller's
    /// dispose scope.
    /// </summary>
    public Dictionary<string, Tensor> State()
    {
        var state = Tensors.ToDictionary(t => $"{Value}/{t.Key}", t => t.Value.detach());
        foreach (var flat in Flat)
        {
            foreach (var part in flat.StateParts)
            {
                foreach (var name in flat.Names) state[$"{part}/{name}"] = flat.StateOf(part, name);
            }
        }
        state[StepsTaken] = tensor(Steps);
        return state;
    }

    /// <summary>Copies the network without the optimizer state, in the format of the rule.</summary>
    public TrainableNetwork Copy() =>
        new(Definition, Tensors, Device, fusedNorms: FusedNorms, type: Decayed.Values.dtype);

    /// <summary>Returns the pruned network with its optimizer state. This network is not changed.</summary>
    /// <param name="channelsLast">Whether the format is channels-last; null for the rule.</param>
    public TrainableNetwork Prune(ChannelPruner pruner, bool? channelsLast = null)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        // One tensor at a time, so that pruning needs no more memory than the new network.
        var smaller = new TrainableNetwork(
            pruner.Definition,
            name => pruner.Gather(name, Tensors[name]),
            Device,
            channelsLast,
            FusedNorms,
            Decayed.Values.dtype)
        {
            Steps = Steps,
        };
        foreach (var (large, small) in Flat.Zip(smaller.Flat))
        {
            foreach (var part in large.StateParts)
                small.Restore(part, name => pruner.Gather(name, large.StateOf(part, name)));
        }
        return smaller;
    }

    /// <summary>Euclidean norm and number of the weights of convolutions and linear layers.</summary>
    public (double Norm, long Count) WeightSize()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        return (Math.Sqrt((Decayed.Values * Decayed.Values).sum().item<float>()), Decayed.Values.shape[0]);
    }

    public void Dispose()
    {
        Module.Dispose();
        Decayed.Dispose();
        Undecayed.Dispose();
        Statistics.Dispose();
    }

    /// <summary>Rule for training: fused norms are fast in channels-last format, at any width.</summary>
    internal static bool TrainsChannelsLast(NetworkDefinition definition, Device device, bool fusedNorms) =>
        PrefersChannelsLast(definition, device)
        || FusedNorm.AllOf(definition, device, channelsLast: true, fusedNorms).Count > 0;

    /// <summary>
    /// Rule for networks with libtorch's norms, which are slow in channels-last format at odd widths
    /// (docs/decisions/kernels.md).
    /// </summary>
    internal static bool PrefersChannelsLast(NetworkDefinition definition, Device device) =>
        device.type == DeviceType.CPU && definition.Layers.OfType<ConvolutionLayer>().All(c => c.Out % 8 == 0);
}
