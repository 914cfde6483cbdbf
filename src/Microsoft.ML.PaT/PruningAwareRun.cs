using System.Diagnostics;
using System.Globalization;
using TorchSharp;

namespace Microsoft.ML.PaT;

/// <summary>
/// The whole story: train densely, watch the sub-network, cut it out as soon as the policy says so, go on training the compact network on
/// the same schedule, and return that network alone.
/// </summary>
internal sealed class PruningAwareRun(PruningAwareTrainingOptions options, torch.Device device, Action<TrainingProgress> send)
{
    /// <summary>Who shares the work; null for this process alone. Not owned.</summary>
    public ProcessGroup? Ranks { get; init; }

    /// <summary>Runs from pictures to the compact model.</summary>
    /// <param name="training">Pictures to train on; not disposed.</param>
    /// <param name="validation">Pictures to measure accuracy on after each epoch; null for none; not disposed.</param>
    /// <exception cref="NativeLibraryMissingException">The precision needs the native library.</exception>
    /// <exception cref="UnreachableTargetException">The target cannot be reached on this network.</exception>
    /// <exception cref="InvalidPlanException">The plan that was given is not for this network.</exception>
    /// <exception cref="TrainingDivergedException">The loss is no longer finite.</exception>
    /// <exception cref="InvalidCheckpointException">What the run is to go on from is damaged, or of another run.</exception>
    /// <exception cref="WorkspaceInUseException">Another process runs in the folder for checkpoints.</exception>
    /// <exception cref="RanksException">Another rank is lost or hangs, or the ranks do not agree.</exception>
    public PruningAwareResult Execute(PictureStore training, PictureStore? validation)
    {
        AllocatorTuning.Apply();
        Autocast.Prepare(device, options.Training.Precision);
        // Never more threads than pictures: each must have a share of every batch.
        var threads = Math.Min(options.Training.Threads ?? Environment.ProcessorCount, training.Count);
        torch.set_num_threads((int)(Ranks?.Least(threads) ?? threads));
        if (Ranks is not null)
        {
            var given = options.Training;
            options = SharedRun.OptionsOf(options, Ranks);
            Say(SharedRun.Describe(Ranks, given, options.Training));
        }
        using var checkpoints = new CheckpointFolder(options.Checkpoints, Say);
        while (true)
        {
            try
            {
                return Execute(training, validation, checkpoints);
            }
            catch (TrainingDivergedException e) when (options.Training.OnDivergence == DivergenceAction.RollBack)
            {
                if (!(Ranks is null ? checkpoints.RollBack() : SharedRun.RollBack(Ranks, checkpoints))) throw;
                Say($"{e.Message} Going back to the last checkpoint, with half of the learning rate.");
            }
        }

        void Say(string text) => send(new() { Phase = TrainingPhase.Dense, Epoch = 0, Epochs = options.Training.Epochs, Fraction = 0, Event = text });
    }

    private PruningAwareResult Execute(PictureStore training, PictureStore? validation, CheckpointFolder checkpoints)
    {
        var definition = options.Network.Build(training.Shape, training.Classes.Count);
        var groups = ChannelGroups.Of(definition);
        var policy = options.Pruning.Policy.Watch(options.Pruning.Criterion, options.Training);
        var planner = policy is null ? null : MeasuredPlanner.For(options.Pruning, groups, device, Ranks);
        planner?.RequireReachable(definition.Name);
        // The step is part of what the run is from now on.
        if (planner is not null) options = options with { Pruning = options.Pruning with { RoundTo = planner.Step } };

        var journal = new RunJournal(options, definition, training, validation, send);
        if (planner is not null && options.Pruning is { Plan: null, Widths: null }) journal.Say(planner.Range.ToString());
        var identity = new RunIdentity(options, definition, device, training, validation, isShared: Ranks is not null);
        if (Ranks is not null) SharedRun.RequireSame(Ranks, identity);
        using var start = Ranks is null ? checkpoints.Start(identity) : SharedRun.Start(Ranks, checkpoints, identity);
        using var generator = new torch.Generator((ulong)options.Training.Seed);
        var (beginning, normalization) = start is null ? FromTheStart() : (start.Network(device), start.State.Normalization);
        using var network = new ShrinkingNetwork(options, training, normalization, groups, planner, beginning, Ranks) { Plan = start?.State.Kept is { } kept ? new(kept) : null };
        if (Ranks is not null) journal.Say(SharedRun.Volume(Ranks, network.Trained));
        var observer = policy is null ? null : new SubNetworkObserver(planner!, policy, network.Scorer!);
        GradualCut? cut = null;
        using var best = new BestNetwork();
        TensorBoardLog? board = null;

        var (epoch, soFar) = (0, default(TrainingStretch));
        using var loop = new TrainingLoop(training, options.Training, device, generator, options.CancellationToken, Ranks)
        {
            Progress = stretch =>
            {
                var all = soFar.Then(stretch);
                journal.Progressed(epoch, (double)all.Pictures / training.Count, all, Watching() ? observer!.Epi : null);
            },
            Pause = () => checkpoints.IsDue,
            RateScale = start?.State.RateScale ?? 1,
        };

        try
        {
            if (options.TensorBoardFolder is { } logs)
                board = new(logs, start is null ? null : (long)start.State.Epoch * loop.StepsOfSchedule + start.State.SoFar.Step, TimeProvider.System, journal.Say);
            if (start is null) Begin();
            else if (start.IsBranch) Branch();
            else Resume();
            while (epoch < journal.Epochs && !Cancelled() && !OutOfPatience())
            {
                GrowIfDue();
                PolicyDecision? decision = null;
                while (soFar.Step < loop.StepsPerEpoch && !Cancelled())
                {
                    CutWhatIsDue();
                    var end = NextStop();
                    var stretch = loop.Train(network.Trained, network.Augmentation, epoch, soFar.Step, end, Watching() ? observer!.Gather : cut is not null ? network.Scorer!.Gather : null);
                    journal.Trained(stretch, network.Definition);
                    soFar = soFar.Then(stretch);
                    if (soFar.Step == end && Watching()) decision = Look(epoch + (double)end / loop.StepsPerEpoch);
                    if (soFar.Step == loop.StepsPerEpoch) continue;
                    PruneIf(decision);
                    if (checkpoints.IsDue || Cancelled()) Save();
                }
                CloseEpoch();
                if (soFar.Step < loop.StepsPerEpoch) break; // cancelled
                (epoch, soFar) = (epoch + 1, default);
                // After the last epoch there is nothing left to train compactly, unless it is to be retrained.
                if (epoch < journal.Epochs || options.Pruning.Retraining?.Epochs is not null) PruneIf(decision);
                Save();
            }
            journal.Stopped = epoch < journal.Epochs && !OutOfPatience();
            if (OutOfPatience()) journal.Say($"No better validation accuracy for {options.Training.Patience} epochs: the network of epoch {best.Epoch!.Epoch} is kept.");
            if (journal.PruneEpoch is not null && Writes())
            {
                journal.CompactLatencyMs = Evaluation.LatencyMs(network.Trained, options.Pruning.LatencyBatch);
                journal.PredictedLatencyMs = journal.DenseLatencyMs * planner!.PredictedLatency(ChannelGroups.Of(network.Definition));
            }
            var report = journal.Report(network.Definition, groups, observer);
            return new(Classifier(), report, network.Plan?.For(groups)) { Accuracy = KeepsBest() ? best.Epoch!.Accuracy : report.Epochs.LastOrDefault()?.Accuracy };
        }
        finally
        {
            board?.Dispose();
        }

        bool Cancelled() => loop.IsStopped;

        // Rank 0 measures and writes for all.
        bool Writes() => Ranks is null or { IsFirst: true };

        bool Watching() => observer is not null && journal.PruneEpoch is null;

        // Counted on the network that stays: from the cut on, where there is one.
        bool OutOfPatience() => best.Epoch is { } last && !Watching() && cut is null && epoch - 1 - last.Epoch >= options.Training.Patience;

        (TrainableNetwork, Normalization) FromTheStart()
        {
            var layout = LayoutProbe.ChooseTogether(definition, device, options.Training, Ranks);
            journal.LaidOut(layout);
            return StartingPoint.Of(options, definition, training, generator, device, layout.ChannelsLast);
        }

        // The next look of the policy, the next cut, or the end of the epoch, whichever comes first.
        int NextStop()
        {
            var steps = loop.StepsPerEpoch;
            if (cut?.NextStep is { } due) return (int)Math.Min(steps, due - (long)epoch * steps);
            return Watching() ? policy!.NextLook(soFar.Step, steps) : steps;
        }

        PolicyDecision Look(double at)
        {
            var decision = observer!.Observe(at);
            Ranks?.RequireSame("when to prune", new Dictionary<string, string> { ["the decision"] = $"{decision.Prune}: {decision.Reason}" });
            board?.Observed((long)Math.Round(at * loop.StepsPerEpoch), observer.Record[^1]);
            return decision;
        }

        void Begin()
        {
            if (Writes()) journal.DenseLatencyMs = Evaluation.LatencyMs(network.Trained, options.Pruning.LatencyBatch);
            PruneIf(observer?.ObserveInitialisation(pruneNow: options.Pruning.Policy.PrunesAtInitialisation));
            if (observer?.Record is [var first, ..]) board?.Observed(step: 0, first);
            if (options.Training.OnDivergence == DivergenceAction.RollBack || Ranks is not null) Save(); // something to go back to
        }

        void Resume()
        {
            var state = start!.State;
            (epoch, soFar) = (state.Epoch, state.SoFar);
            journal.Restore(state.Journal);
            journal.Say(string.Create(CultureInfo.InvariantCulture, $"Going on at epoch {epoch}, step {soFar.Step} of {loop.StepsPerEpoch}."));
            if (journal.Growth is { } growth) loop.Grow(growth);
            loop.Restore(start.Part("loop"), epoch);
            observer?.Restore(state.Observations, state.ObserverSeconds);
            network.Scorer?.Restore(start.Part("scores"));
            network.RestoreTeacher(start.Part("teacher"));
            loop.Teacher = network.Teacher;
            best.Restore(state.Best, start.Part("best"));
            if (journal.Retraining is { } retraining) Follow(retraining);
            if (state.Cut is not null) cut = Cutting(state.Cut);
        }

        void Branch()
        {
            var state = start!.State;
            if (!options.Pruning.Policy.CanStartAt(state.Epoch, options.Training, network.Scorer?.NeedsGradients ?? false))
                throw new InvalidCheckpointException($"The policy {options.Pruning.Policy.Name} cannot start after epoch {state.Epoch}, because it needs what came before. Start from an earlier checkpoint or from the beginning.");
            epoch = state.Epoch;
            journal.Restore(state.Journal);
            journal.Say($"Starting from {options.Checkpoints.StartFrom}, after {epoch} epochs.");
            loop.Restore(start.Part("loop"), epoch);
            best.Restore(state.Best, start.Part("best"));
            if (network.Scorer is { NeedsGradients: false }) PruneIf(Look(epoch));
        }

        void Save()
        {
            if (!checkpoints.IsOn) return;
            using var scope = torch.NewDisposeScope();
            checkpoints.Save(
                new(identity.Values, epoch, soFar, epoch == journal.Epochs || OutOfPatience(), loop.RateScale, network.Definition.ToJson(), normalization, journal.State,
                    observer?.Record ?? [], observer?.Seconds ?? 0, cut?.State, best.Epoch, network.Plan?.Kept, network.Trained.ChannelsLast),
                Checkpoint.Join(("network", network.Trained.State()), ("loop", loop.State(epoch)), ("scores", network.Scorer?.State() ?? []), ("teacher", network.Teacher?.State() ?? []), ("best", best.Weights)));
        }

        void PruneIf(PolicyDecision? decision)
        {
            if (decision is not { Prune: true } || !Watching()) return;
            journal.PruningStarted(epoch, decision.Reason);
            cut = Cutting(new((long)epoch * loop.StepsPerEpoch + soFar.Step, Done: 0));
            var before = network.Trained.WeightSize();
            Cut(observer!.Scores!);
            if (options.Pruning.Retraining is { } retraining) Retrain(retraining, before);
        }

        GradualCut Cutting(CutState state)
        {
            var steps = loop.StepsPerEpoch;
            var end = options.Pruning.Retraining?.Epochs is { } epochs ? (state.Start + steps - 1) / steps + epochs : options.Training.Epochs;
            return new(options.Pruning, planner!, state, steps, end * steps);
        }

        // From the next start of an epoch: until then the schedule of the run goes on.
        void Retrain(RetrainingOptions retraining, (double Norm, long Count) before)
        {
            var from = soFar.Step == 0 ? epoch : epoch + 1;
            var epochs = retraining.Epochs ?? options.Training.Epochs - from;
            if (epochs < 1) return; // nothing is left of the run
            var after = network.Trained.WeightSize();
            var change = RetrainingSchedules.WeightChange(before.Norm, after.Norm, 1 - (double)after.Count / before.Count);
            journal.RetrainingStarted(new(RetrainingSchedules.NameOf(retraining.Schedule), from, epochs, change));
            Follow(journal.Retraining!);
        }

        void Follow(RetrainingReport retraining) => loop.Retrain(
            LearningRateSchedule.Retraining(options.Pruning.Retraining! with { Epochs = retraining.Epochs }, options.Training, loop.StepsOfSchedule, retraining.WeightChange), retraining.FromEpoch);

        void CutWhatIsDue()
        {
            if (cut?.NextStep <= (long)epoch * loop.StepsPerEpoch + soFar.Step) Cut(network.Scorer!.Score(stretches: 1));
        }

        void Cut(ChannelScores scores)
        {
            var clock = Stopwatch.StartNew();
            if (cut!.Plan(scores, network.Scorer!.Groups, (long)epoch * loop.StepsPerEpoch + soFar.Step) is { } next)
            {
                network.Cut(next);
                journal.LaidOut(network.Layout!.Value);
                loop.Teacher = network.Teacher;
                best.Clear(); // of a larger network
                if (Ranks is not null) journal.Say(SharedRun.Volume(Ranks, network.Trained));
                Recalibrate();
            }
            journal.Cut(clock.Elapsed.TotalSeconds);
            if (cut.NextStep is not null) return;
            cut = null;
            journal.PruningEnded(epoch, epoch + (double)soFar.Step / loop.StepsPerEpoch, network.Definition);
        }

        // At the start of the first epoch after the last cut: within one, every picture is shown once.
        void GrowIfDue()
        {
            if (journal.Growth is not null || journal.PruneEpoch is null || cut is not null || soFar.Step > 0) return;
            var batch = BatchGrowth.Batch(options.Training.BatchSize, options.Pruning.BatchGrowth, training.Count, definition, network.Definition);
            if (batch == options.Training.BatchSize) return;
            journal.BatchGrows(new(epoch, batch, BatchGrowth.RateFactor(options.Training.Optimizer, options.Training.BatchSize, batch)));
            loop.Grow(journal.Growth!);
        }

        void Recalibrate()
        {
            loop.Recalibrate(network.Trained, network.Augmentation, epoch, options.Pruning.RecalibrateBatchNorm);
            if (options.Training.EmaDecay is null) return;
            using var average = WeightAverage.Show(network.Trained);
            loop.Recalibrate(network.Trained, network.Augmentation, epoch, options.Pruning.RecalibrateBatchNorm);
        }

        void CloseEpoch()
        {
            if (soFar.Pictures == 0) return; // cancelled before the first step
            if (Ranks is not null) NetworkAgreement.AverageStatistics(Ranks, network.Trained);
            var accuracy = Evaluate();
            var rate = loop.Rates(epoch, Math.Max(0, soFar.Step - 1)).LearningRate;
            var ended = journal.EpochEnded(epoch, soFar, accuracy, rate, observer?.EpiWithin(epoch));
            // Of an epoch that was cancelled nothing is logged: whoever goes on ends it.
            if (soFar.Step == loop.StepsPerEpoch) board?.Ended((long)(epoch + 1) * loop.StepsOfSchedule, ended, groups.Convolutions.Sum(c => network.Definition.OutputShape(c).Channels));
        }

        double? Evaluate()
        {
            if (validation is null) return null;
            using var average = WeightAverage.Show(network.Trained);
            var accuracy = Evaluation.Accuracy(network.Trained, validation, network.Augmentation, Ranks);
            best.Consider(network.Trained, epoch, accuracy);
            return accuracy;
        }

        // A run that came to its end has its last network, trained down to a learning rate of zero; one that was stopped on the way its best.
        bool KeepsBest() => epoch < journal.Epochs && best.Epoch is not null;

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
