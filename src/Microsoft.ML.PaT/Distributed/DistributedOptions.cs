using Microsoft.ML.PaT.Distributed;

namespace Microsoft.ML.PaT;

/// <summary>
/// Training in several processes that an MPI launcher starts: <c>mpirun -n 8 -H node1:4,node2:4 program</c>. Each process has a part of every batch,
/// and all make the same steps. They run the same program with the same options and data (docs/scale.md).
/// </summary>
public sealed record DistributedOptions
{
    /// <summary>How long a process waits for the others before the run ends with an error that names the one that is missing.</summary>
    /// <value>One second to one day; default two minutes. No step, evaluation or checkpoint may take longer than two fifths of it.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Whether batch-norms use the statistics of the whole batch in place of those of each process's part. The run then has the same result for any number of processes, for two short messages a batch-norm and step.</summary>
    /// <value>Default false. Running statistics are averaged over the processes in any case.</value>
    public bool SynchronizeBatchNorm { get; init; }

    /// <summary>Whether <see cref="TrainingOptions.BatchSize"/> is that of one process. Otherwise the processes share a batch of that size.</summary>
    /// <value>Default false.</value>
    public bool BatchPerProcess { get; init; }

    /// <summary>What the learning rate is multiplied by with <see cref="BatchPerProcess"/>.</summary>
    /// <value>Default <see cref="LearningRateScaling.None"/>.</value>
    public LearningRateScaling LearningRateScaling { get; init; }

    /// <summary>Whether an MPI launcher started this process as one of several.</summary>
    public static bool IsLaunched => Launcher.Find(Environment.GetEnvironmentVariable) is { Size: not 1 };

    /// <summary>Joins the other processes, which waits for them at the first call.</summary>
    /// <returns>The number of this process, from 0, and how many there are. Process 0 writes checkpoints and reports.</returns>
    /// <exception cref="DistributedTrainingException">There is no MPI library, it is not the launcher's, or this process was started alone.</exception>
    public (int Rank, int Size) Join() => (Mpi.World(Timeout).Rank, Mpi.World(Timeout).Size);
}
