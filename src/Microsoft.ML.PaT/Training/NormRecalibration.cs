using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Distributed;
using Microsoft.ML.PaT.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <param name="source">The training batches; not owned.</param>
/// <param name="generator">Random number generator of augmentation and dropout.</param>
/// <param name="norms">Ranks over whose slices batch-norms compute their statistics; null for this slice.</param>
/// <param name="parts">Number of micro-batches of a batch, as in training.</param>
internal sealed class NormRecalibration(
    EpochBatches source, Generator generator, Communicator ranks, Communicator? norms, int parts)
{
    /// <summary>
    /// Recomputes the running statistics of batch-norms as means over some batches. Does not update parameters.
    /// </summary>
    /// <param name="augmentation">Converts bytes to the network's input.</param>
    /// <param name="epoch">The epoch whose first batches are used.</param>
    /// <param name="batches">Number of batches; 0 keeps the statistics.</param>
    public void Run(TrainableNetwork network, BatchAugmentation augmentation, int epoch, int batches)
    {
        batches = Math.Min(batches, source.Count);
        if (batches == 0) return;
        using var noGradient = no_grad();
        using var outer = NewDisposeScope();
        var statistics = network.Definition.Layers.OfType<BatchNormLayer>()
            .Where(l => l.Momentum > 0) // others keep their statistics
            .SelectMany(l =>
                l.Parameters.Where(p => !p.Trainable)
                    .Select(p =>
                        (Running: network.Tensors[p.Name], Sum: zeros_like(network.Tensors[p.Name]), l.Momentum)))
            .ToList();
        using var training = new TrainingMode(network.Module, generator, norms);
        for (var step = 0; step < batches; step++)
        {
            using var scope = NewDisposeScope();
            var (pixels, slice) = (source.Take(epoch, step).Pixels, source.Slice(step).WithoutPredecessor);
            pixels = source.Slice(step).DropPredecessor(pixels).to(network.Device);
            var input = augmentation.Augment(pixels, generator, slice);
            foreach (var (start, count) in source.Parts(step, parts))
            {
                using var part = NewDisposeScope();
                // Starting from zero, a micro-batch adds its own statistics times the momentum.
                foreach (var (running, _, _) in statistics) running.zero_();
                network.Module.Slice = new(slice.Total, slice.First + start, count);
                network.Module.call(input.narrow(0, start, count));
                var share = (double)count / slice.Count;
                foreach (var (running, sum, momentum) in statistics) sum.Plus_(running, share / (momentum * batches));
            }
        }
        foreach (var (running, sum, _) in statistics) running.copy_(sum);
        ranks.AverageStatistics(network);
    }
}
