using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Distributed;
using Microsoft.ML.PaT.Modeling.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Modeling;

/// <summary>
/// A definition as a TorchSharp module: images [N,C,H,W] in, logits [N,classes] out. Its tensors bear torchvision's
/// names, so <c>state_dict</c> reads like PyTorch's. Owns its tensors.
/// </summary>
/// <remarks>
/// All of them are buffers to TorchSharp: a <c>Parameter</c> takes a tensor over without counting it as gone, and <c>Tensor.TotalCount</c> would
/// grow with every network.
/// </remarks>
internal sealed class NetworkModule : nn.Module<Tensor, Tensor>
{
    private readonly Dictionary<string, Tensor> _tensors = [];
    private readonly IReadOnlyList<Step> _steps, _layers;
    private Generator? _noise;

    /// <summary>Builds the module around tensors.</summary>
    /// <param name="definition">What to compute.</param>
    /// <param name="tensors">A tensor for each of <see cref="NetworkDefinition.Parameters"/>; leaves that require gradients are trained. The module takes them over.</param>
    /// <param name="fused">Groups of layers that are computed in one step each, and by what; null for none.</param>
    public NetworkModule(
        NetworkDefinition definition, IReadOnlyDictionary<string, Tensor> tensors, IEnumerable<(NormGroup Group, Func<LayerContext, Tensor> Forward)>? fused = null) : base(definition.Name)
    {
        Definition = definition;
        foreach (var spec in definition.Parameters)
        {
            var tensor = tensors[spec.Name];
            if (!tensor.shape.SequenceEqual(spec.Shape))
                throw new InvalidFileException(ErrorCodes.WeightsMismatch, $"Tensor '{spec.Name}' is [{string.Join(',', tensor.shape)}], but network '{definition.Name}' wants [{string.Join(',', spec.Shape)}].");
            // A scope that is open here must not take the tensors away from the module.
            tensor.DetachFromDisposeScope();
            _tensors[spec.Name] = tensor;
            register_buffer(spec.Name, tensor);
        }
        _layers = Schedule(definition, []);
        _steps = fused is null ? _layers : Schedule(definition, [.. fused]);
    }

    /// <summary>What it computes.</summary>
    public NetworkDefinition Definition { get; }

    /// <summary>The tensors that are trained, by name.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Trained => _tensors.Where(t => t.Value.requires_grad);

    /// <summary>The slice of a batch that the next images are; null for a whole batch.</summary>
    public BatchSlice? Slice { get; set; }

    /// <summary>The ranks whose batches count together in the statistics of batch-norms; null for this one alone. Not owned.</summary>
    public Communicator? SynchronizesNormsOver { get; set; }

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
    /// <param name="input">Images, [N,C,H,W].</param>
    /// <param name="precision">That type.</param>
    public Tensor Forward(Tensor input, ComputePrecision precision) => Run(input, precision: precision);

    /// <summary>Computes with a mask after each layer, and norms across channels over what stays: the reference that surgery is checked against.</summary>
    /// <param name="input">Images, [N,C,H,W].</param>
    /// <param name="mask">For the name of a layer, one factor a channel.</param>
    public Tensor Masked(Tensor input, Func<string, IReadOnlyList<float>> mask) => Run(input, mask);

    /// <summary>Computes and shows the output of each layer on the way; it may be overwritten afterwards.</summary>
    /// <param name="input">Images, [N,C,H,W].</param>
    /// <param name="observe">Is given the name of a layer and its output.</param>
    public Tensor Observed(Tensor input, Action<string, Tensor> observe) => Run(input, seen: observe);

    /// <summary>The first layer whose output for some images holds a value that is not finite; null when there is none.</summary>
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

    private Tensor Run(Tensor input, Func<string, IReadOnlyList<float>>? mask = null, Action<string, Tensor>? seen = null, ComputePrecision precision = default)
    {
        var values = new Tensor[Definition.Layers.Count + 1];
        values[0] = input;
        // Masks and observers need the output of each layer.
        var last = 0;
        foreach (var step in mask is null && seen is null ? _steps : _layers)
        {
            var factors = mask is null ? null : torch.tensor(mask(step.Last.Name).ToArray(), dtype: input.dtype, device: input.device).view(1, -1, 1, 1);
            var output = step.Forward(new(Array.ConvertAll(step.Inputs, v => values[v]), _tensors, training, step.InPlace, _noise, factors, precision, Slice, SynchronizesNormsOver));
            if (factors is not null) output = output.mul(factors);
            seen?.Invoke(step.Last.Name, output);
            values[last = step.Output] = output;
            // Autograd holds what the backward pass needs; our own handles would keep every activation of the step alive.
            // An in-place operator may give its input back.
            foreach (var v in step.Spent)
            {
                if (!ReferenceEquals(values[v], output)) values[v].Dispose();
            }
        }
        using var logits = values[last];
        return logits.flatten(1);
    }

    /// <summary>Numbers the values (0 is the input) and finds, for each step, which of its inputs are read for the last time.</summary>
    private static IReadOnlyList<Step> Schedule(NetworkDefinition definition, IReadOnlyList<(NormGroup Group, Func<LayerContext, Tensor> Forward)> fused)
    {
        var number = definition.Layers.Select((layer, i) => (layer.Name, i + 1)).Append((NetworkDefinition.InputName, 0)).ToDictionary();
        var groups = fused.ToDictionary(f => f.Group.Last.Name);
        var inner = fused.SelectMany(f => f.Group.Layers.Select(l => l.Name).Where(name => name != f.Group.Last.Name)).ToHashSet();
        var steps = definition.Layers.Where(layer => !inner.Contains(layer.Name)).Select(layer => groups.TryGetValue(layer.Name, out var group)
            ? new Step(layer, group.Forward, Numbers(group.Group.Inputs), number[layer.Name], [], false)
            : new Step(layer, layer.Forward, Numbers(layer.Inputs), number[layer.Name], [], false)).ToList();
        var readers = steps.SelectMany((step, i) => step.Inputs.Select(v => (v, i))).ToLookup(r => r.v, r => r.i);
        return [.. steps.Select((step, i) => step with
        {
            Spent = [.. step.Inputs.Where(v => v > 0 && readers[v].Max() == i).Distinct()],
            // Overwriting needs the only reader, for others may keep what they read for their backward pass, and a maker that does without its output.
            InPlace = step.Inputs[0] is var first and > 0 && readers[first].Count() == 1 && definition.Layers[first - 1].OutputMayBeOverwritten,
        })];

        int[] Numbers(IReadOnlyList<string> names) => [.. names.Select(name => number[name])];
    }

    /// <summary>A layer, or a group of layers computed at once.</summary>
    /// <param name="Last">The layer whose output it gives.</param>
    /// <param name="Forward">Computes it.</param>
    /// <param name="Inputs">Values it reads.</param>
    /// <param name="Output">The value it gives.</param>
    /// <param name="Spent">Values that nothing reads after it.</param>
    /// <param name="InPlace">Whether it may overwrite the first of its inputs.</param>
    private sealed record Step(Layer Last, Func<LayerContext, Tensor> Forward, int[] Inputs, int Output, int[] Spent, bool InPlace);
}
