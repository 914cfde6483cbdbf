namespace Microsoft.ML.PaT;

/// <summary>
/// Training in several processes, on one machine or several, one for each GPU: each has a part of every batch, and all make the same steps. The
/// processes run the same program with the same options and data; only <see cref="Rank"/> and <see cref="LocalRank"/> differ.
/// </summary>
public sealed record DistributedOptions
{
    /// <summary>The name or address of the machine of rank 0, as the others can reach it.</summary>
    /// <value>Default 127.0.0.1.</value>
    public string MasterAddress { get; init; } = "127.0.0.1";

    /// <summary>The TCP port there at which the ranks find each other.</summary>
    /// <value>1 to 65535; default 29500, as PyTorch has it.</value>
    public int MasterPort { get; init; } = 29500;

    /// <summary>The number of this process.</summary>
    /// <value>0 to <see cref="WorldSize"/> - 1. Rank 0 writes checkpoints and reports.</value>
    public int Rank { get; init; }

    /// <summary>Processes in total.</summary>
    /// <value>At least 1; with 1 nothing is different from a run without these options.</value>
    public int WorldSize { get; init; } = 1;

    /// <summary>The number of this process on its machine: the GPU that it takes.</summary>
    /// <value>At least 0; default 0.</value>
    public int LocalRank { get; init; }

    /// <summary>How long a rank may be missing at the start, or hang later, before all the others end with an error that names it.</summary>
    /// <value>At least one second; default two minutes. No step, evaluation or checkpoint may take longer than half of it. A rank that ended is noticed at once, one that was stopped or cut off after a quarter.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Whether batch-norms normalise by the whole batch rather than by each rank's part of it. The same run then comes out for any number of ranks; it costs two short messages a batch-norm and step.</summary>
    /// <value>Default false. The running statistics are averaged over the ranks in any case.</value>
    public bool SynchronizeBatchNorm { get; init; }

    /// <summary>Whether <see cref="TrainingOptions.BatchSize"/> is that of a rank, so that a step has as many times more pictures. Otherwise the batch is the same for any number of ranks.</summary>
    /// <value>Default false.</value>
    public bool BatchPerRank { get; init; }

    /// <summary>What the learning rate is multiplied by with <see cref="BatchPerRank"/>. The run says so.</summary>
    /// <value>Default <see cref="LearningRateScaling.None"/>.</value>
    public LearningRateScaling LearningRateScaling { get; init; }

    /// <summary>What the environment says, as torchrun and Kubernetes' training operator set it: <c>MASTER_ADDR</c>, <c>MASTER_PORT</c>, <c>RANK</c>, <c>WORLD_SIZE</c>, <c>LOCAL_RANK</c>.
    /// Where <c>MASTER_ADDR</c> is set and one of the others is not, what Slurm, Open MPI, MPICH and indexed Kubernetes jobs set takes its place (docs/scale.md).</summary>
    /// <returns>The options; null where there is no <c>MASTER_ADDR</c>, that is, one process.</returns>
    /// <exception cref="InvalidOptionsException">A variable is missing or no number.</exception>
    public static DistributedOptions? FromEnvironment() => LauncherEnvironment.Read(Environment.GetEnvironmentVariable);
}
