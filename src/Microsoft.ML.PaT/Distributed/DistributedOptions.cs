using Microsoft.ML.PaT.Distributed;

namespace Microsoft.ML.PaT;

/// <summary>
/// Options for distributed data-parallel training in several processes that an MPI launcher starts: <c>mpirun -n 8 -H
/// node1:4,node2:4 program</c>. Each process computes a slice of every batch, and all make the same steps. All
/// processes must run the same program with the same options and data (docs/scale.md).
/// </summary>
public sealed record DistributedOptions
{
    /// <summary>
    /// Time that a process waits for the others. When it is over, the run ends with an error that names the missing
    /// process.
    /// </summary>
    /// <value>One second to one day; default two minutes. No step, evaluation or checkpoint may take longer than two
    /// fifths of it.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Whether batch-norms use the statistics of the whole batch instead of those of each process's slice. The result
    /// then does not depend on the number of processes. Costs two short messages per batch-norm and step.
    /// </summary>
    /// <value>Default false. Running statistics are averaged over the processes in either case.</value>
    public bool SynchronizeBatchNorm { get; init; }

    /// <summary>
    /// Whether <see cref="TrainingOptions.BatchSize"/> is the batch size per process. Otherwise it is that of all
    /// processes together.
    /// </summary>
    /// <value>Default false.</value>
    public bool BatchPerProcess { get; init; }

    /// <summary>
    /// How <see cref="BatchPerProcess"/> scales the learning rate, and the rates that
    /// <see cref="PruningOptions.Retraining"/> gives.
    /// </summary>
    /// <value>Default <see cref="LearningRateScaling.None"/>.</value>
    public LearningRateScaling LearningRateScaling { get; init; }

    /// <summary>Whether an MPI launcher started this process as one of several.</summary>
    public static bool IsLaunched => Launcher.Find(Environment.GetEnvironmentVariable) is { Size: not 1 };

    /// <summary>
    /// Ends all processes because of an error of this one, which they would otherwise wait for. <c>Fit</c> and
    /// <see cref="PruningTrainer"/> do so themselves; call it for errors between <see cref="Join"/> and them. If all
    /// processes call it within two seconds, the error is common to all, and the caller reports it. Does nothing before
    /// <see cref="Join"/>.
    /// </summary>
    /// <param name="error">The error; its message is written to standard error if the others go on.</param>
    public static void Fail(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        Mpi.Joined?.Fail(error);
    }

    /// <summary>Initializes MPI and joins the other processes. The first call waits for all of them.</summary>
    /// <returns>The index of this process, from 0, and the number of processes. Process 0 writes checkpoints and
    /// reports.</returns>
    /// <exception cref="DistributedTrainingException">The MPI library is missing or does not belong to the launcher,
    /// this process was started alone, or the processes have different versions of the library.</exception>
    public (int Rank, int Size) Join() => (Mpi.World(Timeout).Rank, Mpi.World(Timeout).Size);
}
