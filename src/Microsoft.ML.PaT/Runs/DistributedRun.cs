using System.Globalization;
using System.Reflection;
using Microsoft.ML.PaT.Distributed;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Runs;

/// <summary>What differs in a run that several ranks share.</summary>
internal static class DistributedRun
{
    /// <summary>The options of a rank: the batch and the learning rate of the group; only rank 0 writes.</summary>
    public static PruningAwareTrainingOptions OptionsOf(PruningAwareTrainingOptions options, Communicator ranks)
    {
        var training = options.Training;
        if (training.Distributed is { BatchPerProcess: true } distributed)
        {
            training = training with
            {
                BatchSize = training.BatchSize * ranks.Size,
                LearningRate = training.LearningRate * distributed.LearningRateScaling switch
                {
                    LearningRateScaling.Linear => ranks.Size,
                    LearningRateScaling.SquareRoot => Math.Sqrt(ranks.Size),
                    _ => 1,
                },
            };
        }
        return ranks.IsFirst ? options with { Training = training } : options with { Training = training, Checkpoints = new(), TensorBoardFolder = null };
    }

    /// <summary>A line on the ranks, their batch and learning rate.</summary>
    /// <param name="ranks">All ranks.</param>
    /// <param name="given">What was asked for.</param>
    /// <param name="used">What <see cref="OptionsOf"/> made of it.</param>
    public static string Describe(Communicator ranks, TrainingOptions given, TrainingOptions used) => string.Create(CultureInfo.InvariantCulture,
        $"{ranks.Size} processes share each batch of {used.BatchSize} over {ranks.Library}; batch-norms use {(given.Distributed!.SynchronizeBatchNorm ? "the whole batch" : "each process's part")}; the learning rate is {used.LearningRate:G4}{(used.LearningRate == given.LearningRate ? "" : $" ({given.LearningRate:G4} scaled by the number of processes)")}.");

    /// <summary>A line on what a step sends: a ring passes every gradient on twice, but for a rank's own part.</summary>
    public static string Volume(Communicator ranks, TrainableNetwork network)
    {
        var bytes = (network.Decayed.Gradients.numel() + network.Undecayed.Gradients.numel()) * sizeof(float);
        return string.Create(CultureInfo.InvariantCulture,
            $"A step sums {bytes / 1e6:F2} MB of gradients; in a ring, each process sends {2.0 * (ranks.Size - 1) / ranks.Size * bytes / 1e6:F2} MB.");
    }

    /// <summary>Compares what all ranks must have in common.</summary>
    /// <exception cref="DistributedException">They differ; thrown on every rank.</exception>
    public static void RequireSame(Communicator ranks, RunIdentity identity, DistributedOptions? options)
    {
        ranks.RequireSame("options, data or versions", new Dictionary<string, string>(identity.Values)
        {
            ["Training.Distributed"] = options?.ToString() ?? "none",
            ["Training.OnDivergence"] = identity.OnDivergence.ToString(),
            ["Training.Patience"] = identity.Patience?.ToString(CultureInfo.InvariantCulture) ?? "none",
            ["the library's version"] = typeof(DistributedRun).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
            ["libtorch's version"] = torch.__version__,
            ["the MPI library"] = ranks.Library,
        });
    }

    /// <summary>The checkpoint that rank 0 starts from, on all ranks; null for a run from the beginning.</summary>
    public static Checkpoint? Start(Communicator ranks, CheckpointFolder checkpoints, RunIdentity identity)
    {
        if (ranks.Size == 1) return checkpoints.Start(identity);
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
        var checkpoint = CheckpointFile.Read(rest, "the checkpoint of rank 0");
        return file[0] == 1 ? checkpoint.AsBranch() : checkpoint;
    }

    /// <summary>Whether rank 0 could go back to an earlier checkpoint.</summary>
    public static bool RollBack(Communicator ranks, CheckpointFolder checkpoints) => ranks.FromFirst(() => [checkpoints.RollBack() ? (byte)1 : (byte)0])[0] == 1;
}
