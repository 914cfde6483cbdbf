using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Modeling.Layers;
using Microsoft.ML.PaT.Training.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Pruning.Budget;

/// <summary>
/// Measures the forward and backward pass of layers that train. The caches hold other data before each run, because a
/// training step touches more memory between two uses of a tensor than they hold.
/// </summary>
/// <param name="device">The device.</param>
/// <param name="channelsLast">Whether tensors are in channels-last format, as those of the whole network are.</param>
/// <param name="fusedNorms">Whether norms are fused; the additions and activations within them take no time.</param>
/// <param name="precision">Precision of convolutions and matrix products.</param>
internal sealed class TrainingLayerTimer(
    Device device, int batch, bool channelsLast, bool fusedNorms, Precision precision) : ILayerTimer
{
    /// <summary>Values that are changed before each run, 40 MB: more than the caches of a processor hold.</summary>
    private const long OtherValues = 10_000_000;

    public string Conditions =>
        $"training, cold caches, batch {batch}, channels {(channelsLast ? "last" : "first")}, "
        + $"{(fusedNorms ? "fused" : "plain")} norms, {precision}";

    public IEnumerable<Layer> Layers(NetworkDefinition network)
    {
        var fused = FusedNorm.AllOf(network, device, channelsLast, fusedNorms)
            .SelectMany(f => f.Group.Layers.Where(layer => layer != f.Group.Norm).Select(layer => layer.Name))
            .ToHashSet();
        return network.Layers.Where(layer => !fused.Contains(layer.Name));
    }

    public double Milliseconds(Layer layer, IReadOnlyList<ImageShape> inputs)
    {
        using var outer = NewDisposeScope();
        using var noise = new Generator(1, device);
        var tensors = new LayerTensors(device, batch, channelsLast);
        var values = tensors.Inputs(inputs);
        var parameters = tensors.Parameters(layer);
        foreach (var value in values) value.requires_grad_(true);
        foreach (var trained in layer.Parameters.Where(p => p.Trainable)) parameters[trained.Name].requires_grad_(true);
        var context = new LayerContext(
            values,
            parameters,
            training: true,
            inPlace: false,
            noise,
            precision: ComputePrecision.Of(precision));
        var forward = Forward(layer);
        var gradient = zeros_like(forward(context));
        using var others = zeros(OtherValues, dtype: ScalarType.Float32);
        return LayerTensors.Median(() =>
        {
            using var scope = NewDisposeScope();
            autograd.backward([forward(context)], [gradient]);
            if (device.type != DeviceType.CPU) values[0].grad!.flatten().narrow(0, 0, 1).cpu();
        }, before: () => others.neg_());
    }

    private Func<LayerContext, Tensor> Forward(Layer layer)
    {
        var isFused = fusedNorms && channelsLast && device.type == DeviceType.CPU;
        return isFused && layer is BatchNormLayer norm
            ? new FusedNorm(new NormGroup(norm, Add: null, Activation: null)).Forward
            : layer.Forward;
    }
}
