using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Modeling.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Pruning.Budget;

/// <summary>Measures layers that score a batch. Batch-norms that scoring folds take no time.</summary>
/// <param name="device">The device.</param>
/// <param name="channelsLast">Whether tensors are channels-last, as those of the whole network will be.</param>
internal sealed class ScoringLayerTimer(Device device, int batch, bool channelsLast) : ILayerTimer
{
    private const int CallsPerRun = 4;

    public string Conditions => $"batch {batch}, channels {(channelsLast ? "last" : "first")}";

    public IEnumerable<Layer> Layers(NetworkDefinition network) => BatchNormFolding.Fold(network).Layers;

    public double Milliseconds(Layer layer, IReadOnlyList<ImageShape> inputs)
    {
        using var inference = inference_mode();
        using var outer = NewDisposeScope();
        var tensors = new LayerTensors(device, batch, channelsLast);
        var context = new LayerContext(
            tensors.Inputs(inputs),
            tensors.Parameters(layer),
            training: false,
            inPlace: layer is ActivationLayer,
            noise: null);
        return LayerTensors.Median(() =>
        {
            for (var call = 0; call < CallsPerRun; call++)
            {
                using var scope = NewDisposeScope();
                var output = layer.Forward(context);
                // Reading a value waits for a device that computes on its own.
                if (call == CallsPerRun - 1 && device.type != DeviceType.CPU) output.flatten().narrow(0, 0, 1).cpu();
            }
        }) / CallsPerRun;
    }
}
