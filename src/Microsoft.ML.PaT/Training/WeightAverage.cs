using Microsoft.ML.PaT.Core;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <summary>
/// Exponential moving average of a network's weights: average = d * average + (1 - d) * weights after every step. It is
/// stored with the weights, so that pruning and checkpoints include it. Running statistics are averaged in the same
/// way, because those of the last batches belong to other weights.
/// </summary>
internal static class WeightAverage
{
    private const string Part = "average";

    /// <summary>Updates the average after a step.</summary>
    /// <param name="decay">Highest d. After t steps, d is at most (1 + t) / (10 + t), which reduces the influence of
    /// the random start.</param>
    public static void Update(TrainableNetwork network, double decay)
    {
        using var noGradient = no_grad();
        var decayNow = Math.Min(decay, (1.0 + network.Steps) / (10 + network.Steps));
        foreach (var flat in network.Flat)
        {
            if (flat.StateParts.Contains(Part)) flat.State(Part).Times_(decayNow).Plus_(flat.Values, 1 - decayNow);
            else flat.State(Part).copy_(flat.Values);
        }
    }

    /// <summary>
    /// Uses the average weights until the result is disposed; then restores the network's own weights bit for bit. Does
    /// nothing without an average.
    /// </summary>
    public static IDisposable Show(TrainableNetwork network) => new Exchange(network);

    private sealed class Exchange : IDisposable
    {
        private readonly TrainableNetwork _network;

        public Exchange(TrainableNetwork network)
        {
            _network = network;
            Swap();
        }

        public void Dispose() => Swap();

        private void Swap()
        {
            using var noGradient = no_grad();
            using var scope = NewDisposeScope();
            foreach (var flat in _network.Flat.Where(f => f.StateParts.Contains(Part)))
            {
                var values = flat.Values.clone();
                flat.Values.copy_(flat.State(Part));
                flat.State(Part).copy_(values);
            }
        }
    }
}
