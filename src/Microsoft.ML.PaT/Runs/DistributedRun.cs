using System.Globalization;
using Microsoft.ML.PaT.Distributed;
using Microsoft.ML.PaT.Internal;
using Microsoft.ML.PaT.Results;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Runs;

/// <summary>The steps of a run that depend on the ranks. With a single process they do nothing.</summary>
internal static class DistributedRun
{
    /// <summary>Computes with the same number of threads on every rank.</summary>
    public static void SetThreads(int? given, Communicator ranks)
    {
        ranks.Barrier(Communicator.LongWork); // another rank may still be decoding images
        TorchScope.UseThreads((int)ranks.AllReduce((long)(given ?? torch.get_num_threads()), Reduction.Min));
    }

    /// <summary>
    /// The options of a rank: batch size and learning rates are those of all ranks; only rank 0 writes files.
    /// </summary>
    public static PruningAwareTrainingOptions OptionsOf(
        PruningAwareTrainingOptions options, Communicator ranks, IRunObserver observer)
    {
        if (ranks.Size == 1) return options;
        var (training, pruning) = (options.Training, options.Pruning);
        if (options.Distributed is { BatchPerProcess: true } distributed)
        {
            var factor = distributed.LearningRateScaling switch
            {
                LearningRateScaling.Linear => ranks.Size,
                LearningRateScaling.SquareRoot => Math.Sqrt(ranks.Size),
                _ => 1,
            };
            training = training with
            {
                BatchSize = training.BatchSize * ranks.Size, LearningRate = training.LearningRateInUse * factor,
            };
            if (pruning.Retraining is { } retraining)
            {
                retraining = retraining with
                {
                    LowRate = retraining.LowRate * factor, FinalRate = retraining.FinalRate * factor,
                };
                pruning = pruning with { Retraining = retraining };
            }
        }
        observer.OnEvent(new RunMessage(Describe(ranks, options, training)));
        // Launchers name a lost process by its number.
        observer.OnEvent(new RunMessage($"{string.Join(", ", ranks.Names)}."));
        var isOneMachine = ranks.LocalSize == ranks.Size;
        if (Launcher.Advice(ranks.Library, isOneMachine, Environment.GetEnvironmentVariable) is { } advice)
            observer.OnEvent(new RunMessage(advice) { Severity = RunEventSeverity.Warning });
        options = options with { Training = training, Pruning = pruning };
        return ranks.IsFirst ? options : options with { Checkpoints = new(), TensorBoardFolder = null };
    }

    private static string Describe(Communicator ranks, PruningAwareTrainingOptions given, TrainingOptions used)
    {
        var (asked, rate) = (given.Training.LearningRateInUse, used.LearningRateInUse);
        var norms = given.Distributed!.SynchronizeBatchNorm ? "the whole batch" : "each process's part";
        var scaled = rate == asked ? "" : string.Create(
            CultureInfo.InvariantCulture, $" ({asked:G4} scaled by the number of processes)");
        return string.Create(CultureInfo.InvariantCulture,
            $"{ranks.Size} processes share each batch of {used.BatchSize} over {ranks.Library}; "
            + $"batch-norms use {norms}; the learning rate is {rate:G4}{scaled}.");
    }

    /// <summary>
    /// Describes the communication of a step: with R ranks, a ring all-reduce sends 2 (R - 1) / R of the gradients.
    /// </summary>
    public static string Volume(Communicator ranks, TrainableNetwork network)
    {
        var bytes = (network.Decayed.Gradients.numel() + network.Undecayed.Gradients.numel()) * sizeof(float);
        var sent = 2.0 * (ranks.Size - 1) / ranks.Size * bytes;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"A step sums {bytes / 1e6:F2} MB of gradients; in a ring, each process sends {sent / 1e6:F2} MB.");
    }

    /// <exception cref="DistributedTrainingException">Identities differ; thrown on every rank.</exception>
    public static void RequireSame(Communicator ranks, RunIdentity identity, DistributedOptions? options)
    {
        ranks.RequireSame("options or data", new Dictionary<string, string>(identity.Values)
        {
            ["Distributed"] = options?.ToString() ?? "none",
        });
    }

    /// <summary>The checkpoint that rank 0 starts from, on all ranks; null for a run from the beginning.</summary>
    public static Checkpoint? Start(Communicator ranks, CheckpointFolder checkpoints, RunIdentity identity) =>
        ranks.Size == 1
            ? checkpoints.Start(identity)
            : CheckpointBroadcast.FromFirst(ranks, () => checkpoints.Start(identity));

    /// <summary>Halves the learning rate in the last checkpoint of rank 0.</summary>
    /// <returns>Whether that was possible; the same on all ranks.</returns>
    public static bool RollBack(Communicator ranks, CheckpointFolder checkpoints) =>
        ranks.FromFirst(() => [checkpoints.RollBack() ? (byte)1 : (byte)0])[0] == 1;
}
