using System.Diagnostics;
using TorchSharp;

namespace Microsoft.ML.PaT;

/// <summary>
/// The whole story: train densely, watch the sub-network, cut it out as soon as the policy says so, go on training the compact network on
/// the same schedule, and return that network alone.
/// </summary>
internal sealed class PruningAwareRun(PruningAwareTrainingOptions options, torch.Device device, Action<TrainingProgress> send)
{
    /// <summary>Runs from pictures to the compact model.</summary>
    /// <param name="training">Pictures to train on; not disposed.</param>
    /// <param name="validation">Pictures to measure accuracy on after each epoch; null for none; not disposed.</param>
    /// <exception cref="UnreachableTargetException">The target cannot be reached on this network.</exception>
    /// <exception cref="TrainingDivergedException">The loss is no longer finite.</exception>
    public PruningAwareResult Execute(PictureStore training, PictureStore? validation)
    {
        AllocatorTuning.Apply();
        // Never more threads than pictures: each must have a share of every batch.
        torch.set_num_threads(Math.Min(options.Training.Threads ?? Environment.ProcessorCount, training.Count));
        using var generator = new torch.Generator((ulong)options.Training.Seed);

        var definition = options.Network.Build(training.Shape, training.Classes.Count);
        var groups = ChannelGroups.Of(definition);
        var policy = options.Pruning.Policy.Watch(options.Pruning.Criterion, options.Training.Epochs);
        if (policy is not null) RequireReachable(definition, groups);

        var journal = new RunJournal(options, definition, training, validation, send);
        var (network, normalization) = Start(definition, training, generator);
        var augmentation = Augmentation();
        var scorer = policy is null ? null : new ChannelScorer(options.Pruning, network);
        var observer = policy is null ? null : new SubNetworkObserver(options.Pruning, policy, scorer!);
        GradualCut? cut = null;
        journal.DenseLatencyMs = Evaluation.LatencyMs(network);

        var (epoch, soFar) = (0, default(TrainingStretch));
        using var loop = new TrainingLoop(training, options.Training, device, generator, options.CancellationToken)
        {
            Progress = stretch =>
            {
                var all = soFar.Then(stretch);
                journal.Progressed(epoch, (double)all.Pictures / training.Count, all, Watching() ? observer!.Epi : null);
            },
        };

        try
        {
            if (observer?.ObserveInitialisation(loop, augmentation, pruneNow: options.Pruning.Policy is FixedEpochPolicy { Epoch: 0 }) is { Prune: true } atOnce) StartPruning(atOnce);
            for (; epoch < options.Training.Epochs && !options.CancellationToken.IsCancellationRequested; epoch++)
            {
                soFar = default;
                PolicyDecision? decision = null;
                while (soFar.Step < loop.StepsPerEpoch)
                {
                    CutWhatIsDue();
                    var end = NextStop();
                    var stretch = loop.Train(network, augmentation, epoch, soFar.Step, end, Watching() ? observer!.Gather : cut is not null ? scorer!.Gather : null);
                    journal.Trained(stretch);
                    soFar = soFar.Then(stretch);
                    if (stretch.Step < end) break; // cancelled
                    if (Watching()) decision = observer!.Observe(epoch + (double)end / loop.StepsPerEpoch);
                    if (decision is { Prune: true } && Watching() && end < loop.StepsPerEpoch) StartPruning(decision);
                }
                CloseEpoch();
                // A decision at the end of an epoch is carried out at the start of the next; after the last one there is nothing left to train compactly.
                if (decision is { Prune: true } && Watching() && epoch + 1 < options.Training.Epochs) StartPruning(decision);
            }
            journal.Stopped = epoch < options.Training.Epochs;
            if (journal.PruneEpoch is not null) journal.CompactLatencyMs = Evaluation.LatencyMs(network);
            return new(Classifier(), journal.Report(network.Definition, groups, observer));
        }
        finally
        {
            scorer?.Dispose();
            augmentation.Dispose();
            network.Dispose();
        }

        bool Watching() => observer is not null && journal.PruneEpoch is null;

        BatchAugmentation Augmentation() => new(training.Shape, options.Images, normalization, device, network.ChannelsLast);

        // The next look of the policy, the next cut, or the end of the epoch, whichever comes first.
        int NextStop()
        {
            var steps = loop.StepsPerEpoch;
            if (cut?.NextStep is { } due) return (int)Math.Min(steps, due - (long)epoch * steps);
            if (!Watching()) return steps;
            var looks = policy!.ObservationsPerEpoch;
            return Enumerable.Range(1, looks).Select(look => (int)Math.Round((double)steps * look / looks)).First(step => step > soFar.Step);
        }

        void StartPruning(PolicyDecision decision)
        {
            // The end of an epoch is the start of the next one.
            var atEnd = soFar.Step == loop.StepsPerEpoch;
            journal.PruningStarted(atEnd ? epoch + 1 : epoch, decision.Reason);
            cut = new(options.Pruning, groups.Neurons, (long)epoch * loop.StepsPerEpoch + soFar.Step, loop.StepsPerEpoch);
            Cut(observer!.Scores!);
        }

        void CutWhatIsDue()
        {
            if (cut?.NextStep <= (long)epoch * loop.StepsPerEpoch + soFar.Step) Cut(scorer!.Score(stretches: 1));
        }

        void Cut(ChannelScores scores)
        {
            var clock = Stopwatch.StartNew();
            if (cut!.Plan(scores, scorer!.Groups, (long)epoch * loop.StepsPerEpoch + soFar.Step) is { } plan)
            {
                var smaller = network.Cut(new(scorer.Groups, plan));
                scorer.Dispose();
                network.Dispose();
                network = smaller;
                scorer = new(options.Pruning, network);
                augmentation.Dispose();
                augmentation = Augmentation();
            }
            journal.Cut(clock.Elapsed.TotalSeconds);
            if (cut.NextStep is not null) return;
            cut = null;
            journal.PruningEnded(soFar.Step == loop.StepsPerEpoch ? epoch + 1 : epoch, network.Definition);
        }

        void CloseEpoch()
        {
            if (soFar.Pictures == 0) return; // cancelled before the first step
            double? accuracy = validation is null ? null : Evaluation.Accuracy(network, validation, augmentation);
            var rate = loop.Rates(epoch, Math.Max(0, soFar.Step - 1)).LearningRate;
            journal.EpochEnded(epoch, soFar, accuracy, rate, observer?.EpiWithin(epoch));
        }

        ImageClassifier Classifier()
        {
            using var noGradient = torch.no_grad();
            using var scope = torch.NewDisposeScope();
            var weights = network.Tensors.ToDictionary(t => t.Key, t => t.Value.detach().cpu().contiguous());
            return new(network.Definition, weights, normalization, training.Classes);
        }
    }

    /// <summary>The network before its first step, and what its pictures are normalised with.</summary>
    private (TrainableNetwork Network, Normalization Normalization) Start(NetworkDefinition definition, PictureStore training, torch.Generator generator)
    {
        if (options.Weights is null) return (TrainableNetwork.Initialise(definition, generator, device), options.Images.Normalization ?? training.ComputeNormalization());
        using var scope = torch.NewDisposeScope();
        var (tensors, trainedWith) = options.Weights.Read(definition, generator);
        return (new(definition, tensors, momentum: null, device), options.Images.Normalization ?? trainedWith ?? training.ComputeNormalization());
    }

    /// <summary>Refuses a target that this network cannot reach.</summary>
    internal void RequireReachable(NetworkDefinition definition, ChannelGroups groups)
    {
        var (_, most) = ChannelRanking.Reachable(groups, options.Pruning.RoundTo);
        if (options.Pruning.Target.Share <= most) return;
        throw new UnreachableTargetException(FormattableString.Invariant(
            $"Removing {options.Pruning.Target} cannot be done on '{definition.Name}': with widths in steps of {options.Pruning.RoundTo}, 0% to {most:P1} can go. Lower Pruning.Target or Pruning.RoundTo."));
    }
}
