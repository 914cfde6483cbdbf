using System.Diagnostics;
using Microsoft.ML.PaT.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Pruning.Budget;

/// <summary>Zeros as inputs and parameters of a layer that is measured alone, and the measurement.</summary>
internal sealed class LayerTensors(Device device, int batch, bool channelsLast)
{
    private const int WarmUp = 3, Runs = 15, LeastRuns = 3;
    private const double MostMilliseconds = 15;

    public Tensor[] Inputs(IReadOnlyList<ImageShape> shapes) =>
        [.. shapes.Select(s => Zeros([batch, s.Channels, s.Height, s.Width]))];

    public Dictionary<string, Tensor> Parameters(Layer layer) =>
        layer.Parameters.ToDictionary(p => p.Name, p => Zeros(p.Shape));

    /// <summary>Median milliseconds of an action, of fewer runs if it is slow.</summary>
    /// <param name="before">Called before each run, untimed; null for nothing.</param>
    public static double Median(Action action, Action? before = null)
    {
        var times = new List<double>();
        for (var run = -WarmUp; run < Runs; run++)
        {
            if (run >= LeastRuns && times.Sum() >= MostMilliseconds) break;
            before?.Invoke();
            var start = Stopwatch.GetTimestamp();
            action();
            if (run >= 0) times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        times.Sort();
        return times[times.Count / 2];
    }

    private Tensor Zeros(long[] shape) => channelsLast && shape.Length == 4
        ? zeros([shape[0], shape[2], shape[3], shape[1]], dtype: ScalarType.Float32, device: device).permute(0, 3, 1, 2)
        : zeros(shape, dtype: ScalarType.Float32, device: device);
}
