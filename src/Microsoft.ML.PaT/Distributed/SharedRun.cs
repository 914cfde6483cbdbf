using System.Globalization;
using System.Reflection;
using TorchSharp;

namespace Microsoft.ML.PaT;

/// <summary>What is different about a run that several ranks share.</summary>
internal static class SharedRun
{
    /// <summary>The options that a rank runs with: the batch and the learning rate of the group, and only rank 0 writes anything.</summary>
    public static PruningAwareTrainingOptions OptionsOf(PruningAwareTrainingOptions options, ProcessGroup ranks)
    {
        var training = options.Training;
        if (ranks.Options.BatchPerRank)
        {
            training = training with
            {
                BatchSize = training.BatchSize * ranks.WorldSize,
                LearningRate = training.LearningRate * ranks.Options.LearningRateScaling switch
                {
                    LearningRateScaling.Linear => ranks.WorldSize,
                    LearningRateScaling.SquareRoot => Math.Sqrt(ranks.WorldSize),
                    _ => 1,
                },
            };
        }
        return ranks.IsFirst ? options with { Training = training } : options with { Training = training, Checkpoints = new(), TensorBoardFolder = null };
    }

    /// <summary>A line on who trains, and with what batch and learning rate.</summary>
    public static string Describe(ProcessGroup ranks, TrainingOptions given, TrainingOptions used) => string.Create(CultureInfo.InvariantCulture,
        $"{ranks.WorldSize} ranks on {ranks.Machines} {(ranks.Machines == 1 ? "machine" : "machines")} share each batch of {used.BatchSize} pictures; batch-norms use {(ranks.Options.SynchronizeBatchNorm ? "the whole batch" : "each rank's part")}. {Rate(ranks, given, used)}");

    /// <summary>A line on what a step sends: a ring passes every gradient on twice, but for a rank's own part.</summary>
    public static string Volume(ProcessGroup ranks, TrainableNetwork network)
    {
        var bytes = (network.Weights.Gradients.numel() + network.Norms.Gradients.numel()) * sizeof(float);
        return string.Create(CultureInfo.InvariantCulture, $"A step adds up {bytes / 1e6:F2} MB of gradients; each rank sends {2.0 * (ranks.WorldSize - 1) / ranks.WorldSize * bytes / 1e6:F2} MB.");
    }

    /// <summary>Compares what ranks must have in common, and leaves if they do not.</summary>
    /// <exception cref="RanksException">They differ; thrown on every rank.</exception>
    public static void RequireSame(ProcessGroup ranks, RunIdentity identity)
    {
        ranks.Meet();
        ranks.RequireSame("options, data and versions", new Dictionary<string, string>(identity.Values)
        {
            ["Training.Distributed.SynchronizeBatchNorm"] = ranks.Options.SynchronizeBatchNorm.ToString(),
            ["Training.Distributed.Timeout"] = ranks.Options.Timeout.ToString(),
            ["Training.OnDivergence"] = identity.OnDivergence.ToString(),
            ["Training.Patience"] = identity.Patience?.ToString(CultureInfo.InvariantCulture) ?? "none",
            ["the library's version"] = typeof(SharedRun).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
            ["libtorch's version"] = torch.__version__,
        });
    }

    /// <summary>What rank 0 starts from, on all ranks.</summary>
    public static Checkpoint? Start(ProcessGroup ranks, CheckpointFolder checkpoints, RunIdentity identity)
    {
        Checkpoint? own = null;
        var file = ranks.FromFirst(() =>
        {
            own = checkpoints.Start(identity);
            if (own is null) return [];
            using var stream = new MemoryStream();
            stream.WriteByte(own.IsBranch ? (byte)1 : (byte)0);
            CheckpointFile.Write(stream, own.State, own.Tensors);
            return stream.ToArray();
        });
        if (ranks.IsFirst || file.Length == 0) return own;
        using var rest = new MemoryStream(file, 1, file.Length - 1);
        var checkpoint = CheckpointFile.Read(rest, "the checkpoint from rank 0");
        return file[0] == 1 ? checkpoint.AsBranch() : checkpoint;
    }

    /// <summary>Whether rank 0 could go back to an earlier checkpoint.</summary>
    public static bool RollBack(ProcessGroup ranks, CheckpointFolder checkpoints) => ranks.FromFirst(() => [checkpoints.RollBack() ? (byte)1 : (byte)0])[0] == 1;

    private static string Rate(ProcessGroup ranks, TrainingOptions given, TrainingOptions used) => ranks.Options.LearningRateScaling == LearningRateScaling.None
        ? string.Create(CultureInfo.InvariantCulture, $"The learning rate is {used.LearningRate:G4}, as given.")
        : string.Create(CultureInfo.InvariantCulture, $"The learning rate is {used.LearningRate:G4}: {given.LearningRate:G4} scaled by {(ranks.Options.LearningRateScaling == LearningRateScaling.Linear ? "the number of ranks" : "the square root of the number of ranks")}.");
}
