using Microsoft.ML.PaT.Core;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <summary>
/// The exponential moving average of a network's weights: average = d * average + (1 - d) * weights after every step. It lies with the weights, so that
/// surgery and checkpoints carry it. Running statistics are averaged alike: those of the last batches belong to other weights.
/// </summary>
internal static class WeightAverage
{
    private const string Part = "average";

    /// <summary>Takes in the weights after a step.</summary>
    /// <param name="network">The network.</param>
    /// <param name="decay">The highest d. After t steps it is (1 + t) / (10 + t) at most, so that the random start is soon forgotten.</param>
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

    /// <summary>Gives a network its average weights until the result is disposed; then it has its own again, bit for bit. Without an average nothing happens.</summary>
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
