using System.Runtime.InteropServices;
using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Distributed;
using Microsoft.ML.PaT.Errors;
using Microsoft.ML.PaT.Internal;
using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Budget;
using Microsoft.ML.PaT.Reporting;
using Microsoft.ML.PaT.Results;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Runs;

/// <summary>
/// A whole run: train the dense network and observe its sub-network, prune as soon as the policy decides so, continue
/// with the compact network on the same schedule, and return that network.
/// </summary>
internal sealed class PruningAwareRun(PruningAwareTrainingOptions options, torch.Device device, IRunObserver observer)
{
    public Communicator Ranks { get; init; } = SingleProcess.Instance;

    /// <summary>Seconds of reading the images, for the report.</summary>
    public double ReadSeconds { get; init; }

    /// <summary>Whether to classify the validation images at the end, and to time several batch sizes.</summary>
    public bool Evaluates { get; init; }

    /// <param name="training">Not disposed.</param>
    /// <param name="validation">Images to measure accuracy on after each epoch; null for none; not disposed.</param>
    public PruningAwareResult Execute(ImageDataset training, ImageDataset? validation)
    {
        AllocatorTuning.Apply();
        using var torchScope = new TorchScope();
        ComputePrecision.Require(device, options.Training.Precision);
        DistributedRun.SetThreads(options.Threads, Ranks);
        options = DistributedRun.OptionsOf(options, Ranks, observer);
        using var checkpoints = new CheckpointFolder(options.Checkpoints, observer);
        while (true)
        {
            try
            {
                return Run(training, validation, checkpoints);
            }
            catch (TrainingDivergedException e) when (options.Training.OnDivergence == DivergenceAction.RollBack)
            {
                if (!DistributedRun.RollBack(Ranks, checkpoints)) throw;
                var text = $"{e.Message} Going back to the last checkpoint, with half of the learning rate.";
                observer.OnEvent(new RunMessage(text) { Severity = RunEventSeverity.Warning });
            }
            catch (ExternalException e) when (LibtorchError.IsFromLibtorch(e))
            {
                throw LibtorchError.Of($"Training {options.Network}", e);
            }
        }
    }

    private PruningAwareResult Run(ImageDataset training, ImageDataset? validation, CheckpointFolder checkpoints)
    {
        ImageColors.RequireFitting(options.Images, training.Shape);
        var groups = ChannelGroups.Of(options.NetworkFor(training.Shape, training.Classes.Count));
        var dense = groups.Definition;
        var planner = options.Pruning.Policy == PruningPolicy.Never
            ? null
            : TargetPlannerFactory.For(options.BudgetFor(Ranks.Size), groups, device, Ranks);
        planner?.RequireReachable(dense.Name);
        // A measured width step determines the weights, as a given one does, so it is part of the run's identity.
        if (planner is { Step: var step })
            options = options with { Pruning = options.Pruning with { RoundTo = step, MeasureRoundTo = false } };
        var recorder = new RunRecorder(options, dense, training, validation);
        int? threads = device.type == DeviceType.CPU && Ranks.Size == 1 ? torch.get_num_threads() : null;
        var identity = new RunIdentity(options, dense, device, threads, training, validation);
        DistributedRun.RequireSame(Ranks, identity, options.Distributed);
        using var start = DistributedRun.Start(Ranks, checkpoints, identity);
        using var generator = new torch.Generator((ulong)options.Seed);
        MemoryFormatChoice? format = start is null
            ? MemoryFormatProbe.ChooseOnAllRanks(dense, device, options.Training, Ranks)
            : null;
        var (first, normalization, remarks) = start is null
            ? InitialNetwork.Of(options, dense, training, generator, device, format?.ChannelsLast, Ranks.Size)
            : (start.Network(device, options.Training.FusedNorms), start.State.Normalization, []);
        var fit = start is null ? InitialNetwork.FitClassifier(options, first, training, normalization, Ranks) : null;
        using var network = new NetworkInTraining(options, training, normalization, groups, planner, first, Ranks)
        {
            Plan = start?.State.Kept is { } kept ? new(kept) : null,
        };
        using var best = new BestNetwork();
        var (token, isGiven) = (options.CancellationToken, options.HasWeights);
        using var loop = new TrainingLoop(training, options.Training, device, generator, token, Ranks)
        {
            SynchronizesNorms = Ranks.Size > 1 && options.Distributed is { SynchronizeBatchNorm: true },
            Pause = () => checkpoints.IsDue,
            RateScale = start?.State.RateScale ?? 1,
            StartsFromWeights = isGiven,
        };
        var steps = loop.StepsOfSchedule;
        using var board = options.TensorBoardFolder is { } logs
            ? new TensorBoardLog(logs, start?.StepAt(steps), steps, TimeProvider.System, observer)
            : null;
        var run = new RunContext
        {
            Options = options, Training = training, Validation = validation, Groups = groups, Planner = planner,
            Normalization = normalization, Network = network, Loop = loop, Cursor = new(loop),
            Best = best, Recorder = recorder, Identity = identity, Checkpoints = checkpoints, Ranks = Ranks,
            Observer = board is null ? observer : new RunObservers(observer, board),
        };
        loop.Progress = run.SendProgress;
        if (planner is not null && options.Pruning is { Plan: null, Widths: null }) run.Send(planner.Range.ToString());
        string?[] all = [.. remarks, ConvolutionLibraries.RemarkFor(device), run.Loop.Remark];
        foreach (var remark in all.OfType<string>()) run.Send(remark);
        foreach (var advice in start is null ? InitialNetwork.Advice(options.Training, isGiven) : []) run.Send(advice);
        if (fit is not null) run.Send(fit.ToString());
        if (format is { } chosen) run.Send(chosen);
        if (Ranks.Size > 1) run.Send(DistributedRun.Volume(Ranks, network.Trained));

        for (var phase = RunStart.FirstPhase(run, start); phase is not null; phase = phase.Run(run)) run.Phase = phase;
        return PruningAwareResult.Of(run, ReadSeconds, Evaluates);
    }
}
