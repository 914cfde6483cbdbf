using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Distributed;
using Microsoft.ML.PaT.Internal;
using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Budget;
using Microsoft.ML.PaT.Pruning.Policies;
using Microsoft.ML.PaT.Reporting;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Runs;

/// <summary>
/// The whole story: train densely, watch the sub-network, cut it out as soon as the policy says so, go on training the compact network on
/// the same schedule, and return that network alone.
/// </summary>
internal sealed class PruningAwareRun(PruningAwareTrainingOptions options, torch.Device device, IRunObserver observer)
{
    /// <summary>The ranks that share the work.</summary>
    public Communicator Ranks { get; init; } = SingleProcess.Instance;

    /// <summary>Runs from images to the compact model.</summary>
    /// <param name="training">Images to train on; not disposed.</param>
    /// <param name="validation">Images to measure accuracy on after each epoch; null for none; not disposed.</param>
    /// <exception cref="InvalidOptionsException">The device cannot compute in <see cref="TrainingOptions.Precision"/>.</exception>
    /// <exception cref="UnreachableTargetException">The target cannot be reached on this network.</exception>
    /// <exception cref="InvalidPlanException">The plan that was given is not for this network.</exception>
    /// <exception cref="TrainingDivergedException">The loss is no longer finite.</exception>
    /// <exception cref="LibtorchException">libtorch failed, for example because memory ran out.</exception>
    /// <exception cref="InvalidCheckpointException">What the run is to go on from is damaged, or of another run.</exception>
    /// <exception cref="FolderInUseException">Another process runs in the folder for checkpoints.</exception>
    /// <exception cref="DistributedException">A rank is lost or hangs, or the ranks differ.</exception>
    public PruningAwareResult Execute(ImageDataset training, ImageDataset? validation)
    {
        AllocatorTuning.Apply();
        ComputePrecision.Require(device, options.Training.Precision);
        // Never more threads than images: each must have images of every batch.
        var threads = Math.Min(options.Training.Threads ?? Environment.ProcessorCount, training.Count);
        Ranks.Barrier(Communicator.LongWork); // a rank may still decode images
        torch.set_num_threads((int)Ranks.AllReduce((long)threads, Reduction.Min));
        if (Ranks.Size > 1)
        {
            var given = options.Training;
            options = DistributedRun.OptionsOf(options, Ranks);
            Say(DistributedRun.Describe(Ranks, given, options.Training));
            Say($"{string.Join(", ", Ranks.Names)}."); // launchers name a lost process by its number
        }
        using var checkpoints = new CheckpointFolder(options.Checkpoints, observer);
        while (true)
        {
            try
            {
                return Execute(training, validation, checkpoints);
            }
            catch (TrainingDivergedException e) when (options.Training.OnDivergence == DivergenceAction.RollBack)
            {
                if (!DistributedRun.RollBack(Ranks, checkpoints)) throw;
                Say($"{e.Message} Going back to the last checkpoint, with half of the learning rate.");
            }
            catch (ExternalException e) when (LibtorchException.IsFromLibtorch(e))
            {
                throw LibtorchException.Of($"Training {options.Network}", e);
            }
        }

        void Say(string text) => observer.OnEvent(new RunMessage(text));
    }

    private PruningAwareResult Execute(ImageDataset training, ImageDataset? validation, CheckpointFolder checkpoints)
    {
        var definition = options.Network.Build(training.Shape, training.Classes.Count);
        var groups = ChannelGroups.Of(definition);
        var policy = options.Pruning.Policy is { Prunes: true } prunes ? prunes : null;
        var planner = policy is null ? null : TargetPlannerFactory.For(options.Pruning.Budget, groups, device, Ranks);
        planner?.RequireReachable(definition.Name);
        // The step is part of what the run is from now on.
        if (planner is not null) options = options with { Pruning = options.Pruning with { RoundTo = planner.Step } };

        var observers = new List<IRunObserver> { observer };
        var events = IRunObserver.Of(happened => observers.ForEach(o => o.OnEvent(happened)));
        var journal = new RunRecorder(options, definition, training, validation, events);
        if (planner is not null && options.Pruning is { Plan: null, Widths: null }) journal.Say(planner.Range.ToString());
        var identity = new RunIdentity(options, definition, device, training, validation, isDistributed: Ranks.Size > 1);
        DistributedRun.RequireSame(Ranks, identity, options.Training.Distributed);
        using var start = DistributedRun.Start(Ranks, checkpoints, identity);
        using var generator = new torch.Generator((ulong)options.Training.Seed);
        var (beginning, normalization) = start is null ? FromTheStart() : (start.Network(device, options.Training.Kernels), start.State.Normalization);
        using var network = new NetworkInTraining(options, training, normalization, groups, planner, beginning, Ranks) { Plan = start?.State.Kept is { } kept ? new(kept) : null };
        if (Ranks.Size > 1) journal.Say(DistributedRun.Volume(Ranks, network.Trained));
        using var best = new BestNetwork();
        using var loop = new TrainingLoop(training, options.Training, device, generator, options.CancellationToken, Ranks)
        {
            Pause = () => checkpoints.IsDue,
            RateScale = start?.State.RateScale ?? 1,
        };
        var position = new RunCursor(loop);
        var pruning = policy is null ? null : new PruningCoordinator(options, planner!, policy, network, loop, position, journal, best, Ranks);
        loop.Progress = stretch =>
        {
            var all = position.SoFar.Then(stretch);
            journal.Progressed(position.Epoch, (double)all.Images / training.Count, all, pruning is { Watches: true } ? pruning.Observer.Epi : null);
        };
        using var board = options.TensorBoardFolder is { } logs
            ? new TensorBoardLog(logs, start is null ? null : (long)start.State.Epoch * loop.StepsOfSchedule + start.State.SoFar.Step, loop.StepsOfSchedule, TimeProvider.System, observer)
            : null;
        if (board is not null) observers.Add(board);

        if (start is null) Begin();
        else if (start.IsBranch) Branch();
        else Resume();
        while (position.Epoch < journal.Epochs && !loop.IsStopped && !OutOfPatience())
        {
            GrowIfDue();
            PolicyDecision? decision = null;
            while (!position.IsEndOfEpoch && !loop.IsStopped)
            {
                pruning?.CutWhatIsDue();
                var end = pruning?.NextStop() ?? loop.StepsPerEpoch;
                var stretch = loop.Train(network.Trained, network.Augmentation, position.Epoch, position.SoFar.Step, end, pruning?.GradientsReady);
                journal.Trained(stretch, network.Definition);
                position.Add(stretch);
                if (position.SoFar.Step == end && pruning is { Watches: true }) decision = Look();
                if (position.IsEndOfEpoch) continue;
                pruning?.PruneIf(decision);
                if (checkpoints.IsDue || loop.IsStopped) Save();
            }
            CloseEpoch();
            if (!position.IsEndOfEpoch) break; // canceled
            position.MoveTo(position.Epoch + 1);
            // After the last epoch there is nothing left to train compactly, unless it is to be retrained.
            if (position.Epoch < journal.Epochs || options.Pruning.Retraining?.Epochs is not null) pruning?.PruneIf(decision);
            Save();
        }
        journal.Stopped = position.Epoch < journal.Epochs && !OutOfPatience();
        if (OutOfPatience()) journal.Say($"No better validation accuracy for {options.Training.Patience} epochs: the network of epoch {best.Epoch!.Epoch} is kept.");
        if (journal.PruneEpoch is not null && Ranks.IsFirst)
        {
            journal.CompactLatencyMs = Evaluation.LatencyMs(network.Trained, options.Pruning.LatencyBatch);
            journal.PredictedLatencyMs = journal.DenseLatencyMs * planner!.PredictedLatency(ChannelGroups.Of(network.Definition));
        }
        var report = journal.Report(network.Definition, groups, pruning?.Observer);
        return new(Classifier(), report, network.Plan?.For(groups)) { Accuracy = KeepsBest() ? best.Epoch!.Accuracy : report.Epochs.LastOrDefault()?.Accuracy };

        // Counted on the network that stays: from the cut on, where there is one.
        bool OutOfPatience() => best.Epoch is { } last && pruning is null or { IsOver: true } && position.Epoch - 1 - last.Epoch >= options.Training.Patience;

        (TrainableNetwork, Normalization) FromTheStart()
        {
            var layout = MemoryFormatProbe.ChooseOnAllRanks(definition, device, options.Training, Ranks);
            journal.LaidOut(layout);
            return InitialNetwork.Of(options, definition, training, generator, device, layout.ChannelsLast);
        }

        PolicyDecision Look()
        {
            var decision = pruning!.Look();
            events.OnEvent(new SubNetworkObserved(pruning.Observer.Record[^1]) { Epoch = position.Epoch });
            return decision;
        }

        void Begin()
        {
            if (Ranks.IsFirst) journal.DenseLatencyMs = Evaluation.LatencyMs(network.Trained, options.Pruning.LatencyBatch);
            var decision = pruning?.Observer.ObserveInitialization(pruneNow: options.Pruning.Policy.PrunesAtInitialization);
            if (decision is not null) events.OnEvent(new SubNetworkObserved(pruning!.Observer.Record[0]));
            pruning?.PruneIf(decision);
            if (options.Training.OnDivergence == DivergenceAction.RollBack || Ranks.Size > 1) Save(); // something to go back to
        }

        void Resume()
        {
            var state = start!.State;
            position.MoveTo(state.Epoch, state.SoFar);
            journal.Restore(state.Journal);
            if (journal.Growth is { } growth) loop.Grow(growth);
            journal.Say(string.Create(CultureInfo.InvariantCulture, $"Going on at epoch {position.Epoch}, step {position.SoFar.Step} of {loop.StepsPerEpoch}."));
            loop.Restore(start.Part("loop"), position.Epoch);
            network.Scorer?.Restore(start.Part("scores"));
            network.RestoreTeacher(start.Part("teacher"));
            loop.Teacher = network.Teacher;
            best.Restore(state.Best, start.Part("best"));
            pruning?.Restore(state);
        }

        void Branch()
        {
            var state = start!.State;
            if (!options.Pruning.Policy.CanStartAt(state.Epoch, options.Training, network.Scorer?.NeedsGradients ?? false))
                throw new InvalidCheckpointException($"The policy {options.Pruning.Policy.Name} cannot start after epoch {state.Epoch}, because it needs what came before. Start from an earlier checkpoint or from the beginning.");
            position.MoveTo(state.Epoch);
            journal.Restore(state.Journal);
            journal.Say($"Starting from {options.Checkpoints.StartFrom}, after {position.Epoch} epochs.");
            loop.Restore(start.Part("loop"), position.Epoch);
            best.Restore(state.Best, start.Part("best"));
            if (network.Scorer is { NeedsGradients: false }) pruning!.PruneIf(Look());
        }

        void Save()
        {
            if (!checkpoints.IsOn) return;
            using var scope = torch.NewDisposeScope();
            checkpoints.Save(
                new(identity.Values, position.Epoch, position.SoFar, position.Epoch == journal.Epochs || OutOfPatience(), loop.RateScale, network.Definition.ToJson(), normalization, journal.State,
                    pruning?.Observer.Record ?? [], pruning?.Observer.Seconds ?? 0, pruning?.IterativePruningState, best.Epoch, network.Plan?.Kept, network.Trained.ChannelsLast),
                Checkpoint.Join(("network", network.Trained.State()), ("loop", loop.State(position.Epoch)), ("scores", network.Scorer?.State() ?? []), ("teacher", network.Teacher?.State() ?? []), ("best", best.Weights)));
        }

        // At the start of the first epoch after the last cut: within one, every image is shown once.
        void GrowIfDue()
        {
            if (journal.Growth is not null || pruning is not { IsOver: true } || position.SoFar.Step > 0) return;
            var batch = BatchGrowth.Batch(options.Training.BatchSize, options.Pruning.BatchGrowth, training.Count, definition, network.Definition);
            if (batch == options.Training.BatchSize) return;
            journal.BatchGrows(new(position.Epoch, batch, BatchGrowth.RateFactor(options.Training.Optimizer, options.Training.BatchSize, batch)));
            loop.Grow(journal.Growth!);
        }

        void CloseEpoch()
        {
            if (position.SoFar.Images == 0) return; // canceled before the first step
            Ranks.AverageStatistics(network.Trained);
            var accuracy = Evaluate();
            var rate = loop.Rates(position.Epoch, Math.Max(0, position.SoFar.Step - 1)).LearningRate;
            journal.EpochEnded(
                position.Epoch, position.SoFar, accuracy, rate, pruning?.Observer.LastEpiOfEpoch(position.Epoch),
                groups.PrunableLayers.Sum(c => network.Definition.OutputShape(c).Channels), position.IsEndOfEpoch);
        }

        double? Evaluate()
        {
            if (validation is null) return null;
            using var average = WeightAverage.Show(network.Trained);
            var accuracy = Evaluation.Accuracy(network.Trained, validation, network.Augmentation, Ranks);
            best.UpdateIfBetter(network.Trained, position.Epoch, accuracy);
            return accuracy;
        }

        // A run that came to its end has its last network, trained down to a learning rate of zero; one that was stopped on the way its best.
        bool KeepsBest() => position.Epoch < journal.Epochs && best.Epoch is not null;

        ImageClassifier Classifier()
        {
            using var noGradient = torch.no_grad();
            using var scope = torch.NewDisposeScope();
            using var average = WeightAverage.Show(network.Trained);
            var weights = KeepsBest() ? best.Weights : network.Trained.Tensors.ToDictionary(t => t.Key, t => t.Value.detach().cpu().contiguous());
            return new(network.Definition, weights, normalization, training.Classes) { Resizing = options.Images.Resizing };
        }
    }
}
