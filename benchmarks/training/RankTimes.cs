using Microsoft.ML.PaT.Distributed;
using TorchSharp;

namespace Microsoft.ML.PaT.Benchmark;

/// <summary>
/// Images/s of one process with as many threads as there are ranks, and of all ranks with one thread each, taking
/// turns. The batch is the same.
/// </summary>
internal static class RankTimes
{
    /// <summary>Prints, on rank 0, a line for each round: one process, all ranks, all ranks with synchronized
    /// norms.</summary>
    /// <param name="definition">Network.</param>
    /// <param name="batch">Batch size of all ranks together.</param>
    /// <param name="rounds">Number of rounds.</param>
    /// <param name="steps">Steps per round and side.</param>
    public static void Print(NetworkDefinition definition, int batch, int rounds, int steps)
    {
        var ranks = Mpi.World(TimeSpan.FromMinutes(1));
        torch.set_num_threads(ranks.Size);
        using var alone = ranks.IsFirst ? new TimedTraining(definition, batch, rounds, steps) : null;
        torch.set_num_threads(1);
        using var together = new TimedTraining(definition, batch, rounds, steps, ranks: ranks);
        using var synchronized =
            new TimedTraining(definition, batch, rounds, steps, ranks: ranks, synchronizesNorms: true);
        double[] speeds = [0, 0, 0];
        for (var round = 0; round < rounds; round++)
        {
            // The order is reversed in every other round, so that a machine that slows down favors no side.
            foreach (var side in round % 2 == 0 ? (int[])[0, 1, 2] : [2, 1, 0])
            {
                ranks.Barrier(Communicator.LongWork);
                torch.set_num_threads(side == 0 ? ranks.Size : 1);
                if ((side == 0 ? alone : side == 1 ? together : synchronized) is { } training)
                    speeds[side] = training.NextWindow();
            }
            if (ranks.IsFirst) Console.WriteLine($"{speeds[0]:F1},{speeds[1]:F1},{speeds[2]:F1}");
        }
    }
}
