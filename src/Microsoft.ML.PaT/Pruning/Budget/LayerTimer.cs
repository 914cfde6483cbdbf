using System.Diagnostics;
using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Modeling.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Pruning.Budget;

/// <summary>Measures single layers on a device, scoring batches of one size.</summary>
/// <param name="device">Where.</param>
/// <param name="batch">Images a batch.</param>
/// <param name="channelsLast">Whether tensors lie with channels innermost, as those of the whole network will.</param>
internal sealed class LayerTimer(Device device, int batch, bool channelsLast)
{
    private const int WarmUp = 3, Runs = 15, CallsPerRun = 4;
    private const double MostMilliseconds = 15;

    /// <summary>Median milliseconds of one forward pass.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="inputs">The shapes of its inputs, [C,H,W].</param>
    public double Milliseconds(Layer layer, IReadOnlyList<ImageShape> inputs)
    {
        using var inference = inference_mode();
        using var outer = NewDisposeScope();
        var tensors = layer.Parameters.ToDictionary(p => p.Name, p => Zeros(p.Shape));
        var values = inputs.Select(s => Zeros([batch, s.Channels, s.Height, s.Width])).ToArray();
        var context =
            new LayerContext(values, tensors, training: false, inPlace: layer is ActivationLayer, noise: null);
        var times = new List<double>();
        var clock = Stopwatch.StartNew();
        for (var run = -WarmUp; run < Runs && (run < 3 || clock.Elapsed.TotalMilliseconds < MostMilliseconds); run++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var call = 0; call < CallsPerRun; call++)
            {
                using var scope = NewDisposeScope();
                var output = layer.Forward(context);
                // Reading a value waits for a device that computes on its own.
                if (call == CallsPerRun - 1 && device.type != DeviceType.CPU) output.flatten().narrow(0, 0, 1).cpu();
            }
            if (run >= 0) times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds / CallsPerRun);
        }
        times.Sort();
        return times[times.Count / 2];
    }

    private Tensor Zeros(long[] shape) => channelsLast && shape.Length == 4
        ? zeros([shape[0], shape[2], shape[3], shape[1]], dtype: ScalarType.Float32, device: device).permute(0, 3, 1, 2)
        : zeros(shape, dtype: ScalarType.Float32, device: device);
}
