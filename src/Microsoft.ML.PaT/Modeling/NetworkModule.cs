using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Distributed;
using Microsoft.ML.PaT.Modeling.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Modeling;

/// <summary>
/// A definition as a TorchSharp module: images [N,C,H,W] to logits [N,classes]. Tensors have torchvision's names, so
/// <c>state_dict</c> is compatible with PyTorch's. Owns its tensors.
/// </summary>
/// <remarks>
/// All tensors are registered as buffers. TorchSharp does not subtract a tensor that became a <c>Parameter</c> from
/// <c>Tensor.TotalCount</c>, which would then grow with every network.
/// </remarks>
internal sealed class NetworkModule : nn.Module<Tensor, Tensor>
{
    private readonly Dictionary<string, Tensor> _tensors = [];
    private readonly IReadOnlyList<Step> _steps, _layers;
    private Generator? _noise;

    /// <param name="tensors">A tensor for each of <see cref="NetworkDefinition.Parameters"/>; owned by the module.
    /// Leaves that require gradients are trained.</param>
    /// <param name="fused">Groups of layers that are computed in one step, and the functions that compute them; null
    /// for none.</param>
    public NetworkModule(
        NetworkDefinition definition,
        IReadOnlyDictionary<string, Tensor> tensors,
        IEnumerable<(NormGroup Group, Func<LayerContext, Tensor> Forward)>? fused = null)
        : base(definition.Name)
    {
        Definition = definition;
        foreach (var spec in definition.Parameters)
        {
            var tensor = tensors[spec.Name];
            if (!tensor.shape.SequenceEqual(spec.Shape))
            {
                throw new InvalidFileException(
                    ErrorCodes.WeightsMismatch,
                    $"Tensor '{spec.Name}' is [{string.Join(',', tensor.shape)}], but network '{definition.Name}' "
                        + $"needs [{string.Join(',', spec.Shape)}].");
            }
            // A dispose scope of the caller must not dispose the module's tensors.
            tensor.DetachFromDisposeScope();
            _tensors[spec.Name] = tensor;
            register_buffer(spec.Name, tensor);
        }
        _layers = Schedule(definition, []);
        _steps = fused is null ? _layers : Schedule(definition, [.. fused]);
    }

    public NetworkDefinition Definition { get; }

    /// <summary>Trained tensors by name.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Trained => _tensors.Where(t => t.Value.requires_grad);

    /// <summary>The batch slice of the next images; null for a whole batch.</summary>
    public BatchSlice? Slice { get; set; }

    /// <summary>
    /// Ranks whose batches share the statistics of batch-norms; null for this process only. Not owned.
    /// </summary>
    public Communicator? SynchronizesNormsOver { get; set; }

    /// <summary>Batch-norms that keep their statistics in training mode; null for none.</summary>
    public IReadOnlySet<string>? FrozenNorms { get; set; }

    /// <summary>Switches to training mode, until <c>eval</c> is called.</summary>
    /// <param name="noise">Generator of dropout and stochastic depth: the generator of the run, whose state is in
    /// checkpoints. Not owned.</param>
    public void Train(Generator noise)
    {
        _noise = noise;
        train();
    }

    public override Tensor forward(Tensor input) => Run(input);

    /// <summary>Computes with convolutions and matrix products in a narrower type.</summary>
    /// <param name="input">Images, [N,C,H,W].</param>
    public Tensor Forward(Tensor input, ComputePrecision precision) => Run(input, precision: precision);

    /// <summary>
    /// Applies a mask after each layer; norms across channels use kept channels only. This is the masked network of
    /// pruning tests.
    /// </summary>
    /// <param name="input">Images, [N,C,H,W].</param>
    /// <param name="mask">Returns one factor per channel for the name of a layer.</param>
    public Tensor Masked(Tensor input, Func<string, IReadOnlyList<float>> mask) => Run(input, mask);

    /// <summary>Computes the logits and passes the output of each layer to an observer.</summary>
    /// <param name="input">Images, [N,C,H,W].</param>
    /// <param name="observe">Receives the name and the output of each layer. The output may be overwritten
    /// afterwards.</param>
    public Tensor Observed(Tensor input, Action<string, Tensor> observe) => Run(input, seen: observe);

    /// <summary>Returns the first layer whose output has a non-finite value; null if there is none.</summary>
    /// <param name="input">Images, [N,C,H,W].</param>
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

    private Tensor Run(
        Tensor input,
        Func<string, IReadOnlyList<float>>? mask = null,
        Action<string, Tensor>? seen = null,
        ComputePrecision precision = default)
    {
        var values = new Tensor[Definition.Layers.Count + 1];
        values[0] = input;
        // Masks and observers need the output of each layer.
        var last = 0;
        foreach (var step in mask is null && seen is null ? _steps : _layers)
        {
            var factors = mask is null
                ? null
                : torch
                    .tensor(mask(step.Last.Name).ToArray(), dtype: input.dtype, device: input.device)
                    .view(1, -1, 1, 1);
            var output = step.Forward(
                new(
                    Array.ConvertAll(step.Inputs, v => values[v]),
                    _tensors,
                    training,
                    step.InPlace,
                    _noise,
                    factors,
                    precision,
                    Slice,
                    SynchronizesNormsOver,
                    FrozenNorms));
            if (factors is not null) output = output.mul(factors);
            seen?.Invoke(step.Last.Name, output);
            values[last = step.Output] = output;
            // Autograd keeps the tensors that the backward pass needs; our own handles would keep all activations of
            // the step alive. An in-place operator may return its input.
            foreach (var v in step.Spent)
            {
                if (!ReferenceEquals(values[v], output)) values[v].Dispose();
            }
        }
        using var logits = values[last];
        return logits.flatten(1);
    }

    /// <summary>
    /// Numbers the values (0 is the input) and finds, for each step, the inputs that no later step reads.
    /// </summary>
    private static IReadOnlyList<Step> Schedule(
        NetworkDefinition definition, IReadOnlyList<(NormGroup Group, Func<LayerContext, Tensor> Forward)> fused)
    {
        var number = definition.Layers.Select((layer, i) => (layer.Name, i + 1))
            .Append((NetworkDefinition.InputName, 0))
            .ToDictionary();
        var groups = fused.ToDictionary(f => f.Group.Last.Name);
        var inner = fused.SelectMany(f => f.Group.Layers.Select(l => l.Name).Where(name => name != f.Group.Last.Name))
            .ToHashSet();
        var steps = definition.Layers.Where(layer => !inner.Contains(layer.Name))
            .Select(layer =>
                groups.TryGetValue(layer.Name, out var group)
                    ? new Step(layer, group.Forward, Numbers(group.Group.Inputs), number[layer.Name], [], false)
                    : new Step(layer, layer.Forward, Numbers(layer.Inputs), number[layer.Name], [], false))
            .ToList();
        var readers = steps.SelectMany((step, i) => step.Inputs.Select(v => (v, i))).ToLookup(r => r.v, r => r.i);
        return
        [
            .. steps.Select(
                (step, i) =>
                    step with
                    {
                        Spent = [.. step.Inputs.Where(v => v > 0 && readers[v].Max() == i).Distinct()],
                        // A value may be overwritten if no other layer reads it, because that layer's backward pass may
                        // need it, and if the producer's backward pass does not need it.
                        InPlace =
                            step.Inputs[0] is var first and > 0
                            && readers[first].Count() == 1
                            && definition.Layers[first - 1].OutputMayBeOverwritten,
                    }),
        ];

        int[] Numbers(IReadOnlyList<string> names) => [.. names.Select(name => number[name])];
    }

    /// <summary>A layer, or a group of layers computed together.</summary>
    /// <param name="Forward">Computes the output.</param>
    /// <param name="Inputs">Numbers of the inputs.</param>
    /// <param name="Output">Number of the output.</param>
    /// <param name="InPlace">Whether the first input may be overwritten.</param>
    private sealed record Step(
        Layer Last, Func<LayerContext, Tensor> Forward, int[] Inputs, int Output, int[] Spent, bool InPlace);
}
