using System.Diagnostics;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT;

/// <summary>Trains: forward, backward, clipping, optimiser, batch after batch, at the rates of the schedule; and computes batch-norm statistics anew after a cut.</summary>
internal sealed class TrainingLoop : IDisposable
{
    /// <summary>On a GPU, ranks look at what they tell each other after so many steps: looking waits for the device.</summary>
    private const int StepsBetweenSignals = 16;

    private static readonly TimeSpan s_progressInterval = TimeSpan.FromSeconds(0.5);

    private readonly PictureStore _pictures;
    private readonly TrainingOptions _options;
    private readonly NetworkOptimizer _optimizer;
    private readonly LearningRateSchedule _schedule;
    private LearningRateSchedule? _retraining;
    private int _retrainsFrom;
    private readonly Generator _generator;
    private readonly CancellationToken _cancellation;
    private readonly Device _device;
    private readonly ProcessGroup? _ranks;
    private EpochBatches _batches;
    private double _rateFactor = 1;
    private readonly int _checksEvery;
    private readonly Tensor? _weights;
    private readonly BatchMixing? _mixing;
    private readonly LossScale? _scale;
    private GradientReducer? _reducer;
    private long _signalled;
    private bool _stopped;

    public TrainingLoop(PictureStore pictures, TrainingOptions options, Device device, Generator generator, CancellationToken cancellation, ProcessGroup? ranks = null)
    {
        _pictures = pictures;
        _options = options;
        _generator = generator;
        _cancellation = cancellation;
        _device = device;
        _ranks = ranks;
        _checksEvery = device.type == DeviceType.CPU ? 1 : ranks is not null ? StepsBetweenSignals : int.MaxValue;
        _optimizer = NetworkOptimizer.Of(options);
        _weights = PictureWeights.Of(pictures, options.ClassWeights);
        _scale = options.Precision == Precision.Float16 ? new() : null;
        _mixing = BatchMixing.Of(options, pictures.Shape, pictures.Classes.Count, device);
        _batches = NewBatches(options.BatchSize);
        StepsOfSchedule = _batches.Count;
        _schedule = LearningRateSchedule.Of(options, StepsOfSchedule);
    }

    /// <summary>Batches an epoch.</summary>
    public int StepsPerEpoch => _batches.Count;

    /// <summary>Batches an epoch as the run began: what schedules count, however large batches become.</summary>
    public int StepsOfSchedule { get; }

    /// <summary>Called about twice a second with the mean loss, pictures and seconds of the present call of <see cref="Train"/>.</summary>
    public Action<TrainingStretch>? Progress { get; set; }

    /// <summary>Asked after each step whether to return before all that was asked for is done.</summary>
    public Func<bool>? Pause { get; init; }

    /// <summary>The network to learn from beside the labels; not owned.</summary>
    public Teacher? Teacher { get; set; }

    /// <summary>Whether the run was cancelled: on several ranks, whether all of them know that it was on one.</summary>
    public bool IsStopped => _ranks is null ? _cancellation.IsCancellationRequested : _stopped;

    /// <summary>Factor on the learning rate.</summary>
    public double RateScale { get; init; } = 1;

    /// <summary>The learning rate and the momentum of a step of an epoch.</summary>
    public StepRates Rates(int epoch, int step)
    {
        var at = (long)step * StepsOfSchedule / StepsPerEpoch;
        var rates = _retraining is not null && epoch >= _retrainsFrom
            ? _retraining.At((long)(epoch - _retrainsFrom) * StepsOfSchedule + at)
            : _schedule.At((long)epoch * StepsOfSchedule + at);
        return rates with { LearningRate = RateScale * _rateFactor * rates.LearningRate };
    }

    /// <summary>Goes on with larger batches, between two epochs.</summary>
    /// <param name="growth">How large, and what becomes of the learning rate.</param>
    public void Grow(BatchGrowthReport growth)
    {
        _batches.Dispose();
        _batches = NewBatches(growth.BatchSize);
        _rateFactor = growth.RateFactor;
    }

    /// <summary>Follows another schedule from an epoch on.</summary>
    public void Retrain(LearningRateSchedule schedule, int fromEpoch) => (_retraining, _retrainsFrom) = (schedule, fromEpoch);

    /// <summary>The state of all that is random within an epoch, and of the loss scale. In the caller's scope.</summary>
    public Dictionary<string, Tensor> State(int epoch)
    {
        var state = _batches.State(epoch);
        if (_scale is not null) state["scale"] = _scale.State();
        return state;
    }

    /// <summary>Goes on from what <see cref="State"/> gave, within the same epoch.</summary>
    public void Restore(IReadOnlyDictionary<string, Tensor> state, int epoch)
    {
        _batches.Restore(state, epoch);
        if (state.TryGetValue("scale", out var scale)) _scale?.Restore(scale);
    }

    /// <summary>Trains on some steps of an epoch.</summary>
    /// <param name="network">What to train.</param>
    /// <param name="augmentation">Turns bytes into the network's input.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="from">The first step, from 0.</param>
    /// <param name="to">The step after the last one.</param>
    /// <param name="gradientsReady">Called after each backward pass, before the parameters move.</param>
    /// <returns>What was done; shorter than asked for when the run was cancelled or <see cref="Pause"/> said so.</returns>
    /// <exception cref="TrainingDivergedException">The loss or a gradient is no longer finite. On a CPU every step is checked, before the weights move; a GPU is asked when progress is.</exception>
    /// <exception cref="RanksException">Another rank is lost or hangs.</exception>
    public TrainingStretch Train(TrainableNetwork network, BatchAugmentation augmentation, int epoch, int from, int to, Action? gradientsReady)
    {
        Prepare(network);
        var watch = Stopwatch.StartNew();
        var reported = TimeSpan.Zero;
        using var losses = zeros(to - from, device: network.Device).DetachFromDisposeScope();
        var (step, read, lossSum) = (from, from, 0.0);
        for (; step < to && !IsStopped && (step == from || Pause?.Invoke() != true); step++)
        {
            using var scope = NewDisposeScope();
            var (input, loss) = OnAllRanks(() => Backward(network, augmentation, epoch, step));
            using (no_grad()) losses.narrow(0, step - from, 1).copy_(loss);
            var isChecked = (step + 1) % _checksEvery == 0;
            if (isChecked)
            {
                ReadLosses(step + 1, input);
                if (_scale is null && Divergence.OfGradients(network) is { } where) throw Diverged("a gradient", step, where);
            }
            if (_scale?.Unscale(network) != false) Step(network, Rates(epoch, step), gradientsReady);
            else if (_scale.IsExhausted) throw Diverged("a gradient", step, where: null);
            // Ranks check together, or one would find a loss that is not finite where the others go on.
            if (Progress is not null && (isChecked || _ranks is null) && watch.Elapsed - reported > s_progressInterval)
            {
                reported = watch.Elapsed;
                Progress(Stretch(step + 1));
            }
        }
        return Stretch(step);

        // Reading losses waits for the device, so the seconds are those of finished work.
        TrainingStretch Stretch(int done)
        {
            ReadLosses(done, input: null);
            return new(done, _batches.Start(done) - _batches.Start(from), lossSum, watch.Elapsed.TotalSeconds);
        }

        void ReadLosses(int until, Tensor? input)
        {
            if (until == read) return;
            using var scope = NewDisposeScope();
            foreach (var loss in losses.narrow(0, read - from, until - read).cpu().data<float>())
            {
                if (!float.IsFinite(loss)) throw Diverged(FormattableString.Invariant($"the loss ({loss})"), read, input is null ? null : Divergence.OfActivations(network, input));
                lossSum += (double)loss * _batches.Size(read);
                read++;
            }
        }

        TrainingDivergedException Diverged(string what, int at, string? where) => new(FormattableString.Invariant(
            $"Training has diverged: {what} is not finite in epoch {epoch}, step {at} of {StepsPerEpoch}, at a learning rate of {Rates(epoch, at).LearningRate:G3}{(where is null ? "" : $"; first at {where}")}. Try a lower Training.LearningRate, a longer Training.WarmUpShare, or Training.OnDivergence = RollBack with checkpoints."));
    }

    /// <summary>Computes the running statistics of batch-norms anew: the means over some batches. No parameter moves.</summary>
    /// <param name="network">The network.</param>
    /// <param name="augmentation">Turns bytes into its input.</param>
    /// <param name="epoch">The epoch whose first batches are taken.</param>
    /// <param name="batches">How many; 0 leaves the statistics as they are.</param>
    public void Recalibrate(TrainableNetwork network, BatchAugmentation augmentation, int epoch, int batches)
    {
        batches = Math.Min(batches, StepsPerEpoch);
        if (batches == 0) return;
        using var noGradient = no_grad();
        using var outer = NewDisposeScope();
        var statistics = network.Definition.Layers.OfType<BatchNormLayer>()
            .SelectMany(l => l.Parameters.Where(p => !p.Trainable).Select(p => (Running: network.Tensors[p.Name], Sum: zeros_like(network.Tensors[p.Name]), l.Momentum))).ToList();
        Prepare(network);
        for (var step = 0; step < batches; step++)
        {
            using var scope = NewDisposeScope();
            // From zero, a batch leaves its own statistics times the momentum.
            foreach (var (running, _, _) in statistics) running.zero_();
            var (pixels, share) = (_batches.Take(epoch, step).Pixels, _batches.Share(step));
            network.Module.Share = share.Own;
            OnAllRanks(() => network.Module.call(augmentation.Augment(share.WithoutOneMore(pixels).to(network.Device), _generator, share.Own)));
            foreach (var (running, sum, momentum) in statistics) sum.Plus_(running, 1 / (momentum * batches));
        }
        foreach (var (running, sum, _) in statistics) running.copy_(sum);
        if (_ranks is not null) NetworkAgreement.AverageStatistics(_ranks, network);
    }

    public void Dispose()
    {
        _reducer?.Dispose();
        _batches.Dispose();
        _weights?.Dispose();
        _mixing?.Dispose();
    }

    private void Prepare(TrainableNetwork network)
    {
        network.Module.Train(_generator);
        network.Module.SynchronizesNormsOver = _ranks is { Options.SynchronizeBatchNorm: true } ? _ranks : null;
    }

    /// <summary>Adds the gradients of a batch to those of the network, part by part, and gives its input and its loss.</summary>
    private (Tensor Input, Tensor Loss) Backward(TrainableNetwork network, BatchAugmentation augmentation, int epoch, int step)
    {
        var (pixels, rows) = _batches.Take(epoch, step);
        var share = _batches.Share(step);
        var input = augmentation.Augment(pixels.to(network.Device), _generator, share);
        var targets = _pictures.Labels.index_select(0, rows).to(network.Device);
        if (_mixing is not null) (input, targets) = _mixing.Mix(input, targets, _generator, share);
        rows = share.WithoutOneMore(rows);
        var reducer = ReducerOf(network);
        var (sum, parts) = (zeros([], device: network.Device), _batches.Parts(step, _options.Accumulation).ToList());
        foreach (var (start, count) in parts)
        {
            using var scope = NewDisposeScope();
            network.Module.Share = _ranks is null ? null : new(share.Total, share.First + start, count);
            var (logits, taught) = Logits(network, input.narrow(0, start, count));
            var loss = Loss(logits, taught, targets.narrow(0, start, count), rows.narrow(0, start, count));
            if (count < share.Total) loss = loss.Times((double)count / share.Total); // the mean over the batch
            using (no_grad()) sum.Plus_(loss.detach());
            if (start == parts[^1].Start) reducer?.Begin(sum, stops: _cancellation.IsCancellationRequested);
            (_scale is null ? loss : loss.Times(_scale.Factor)).backward();
        }
        network.Module.Share = _ranks is null ? null : share.Own;
        var stops = reducer?.Finish(sum);
        if (stops is not null && ++_signalled % _checksEvery == 0 && stops.item<float>() > 0) _stopped = true;
        return (input, sum);
    }

    /// <summary>What fails in libtorch may be because of another rank.</summary>
    private T OnAllRanks<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (ExternalException e) when (_ranks is not null)
        {
            throw _ranks.Explain(e);
        }
    }

    private GradientReducer? ReducerOf(TrainableNetwork network)
    {
        if (_ranks is not null && !ReferenceEquals(_reducer?.Network, network))
        {
            _reducer?.Dispose();
            _reducer = new(_ranks, network);
        }
        return _reducer;
    }

    private EpochBatches NewBatches(int size)
    {
        var batches = new EpochBatches(_pictures, size, _device, _generator, _ranks, withOneBefore: _mixing is not null);
        batches.RequirePicturesForAll();
        return batches;
    }

    /// <summary>What the network says of pictures, and what its teacher says, if it has one: in float32, whatever they compute in.</summary>
    private (Tensor Logits, Tensor? Taught) Logits(TrainableNetwork network, Tensor input)
    {
        Tensor logits;
        Tensor? taught;
        using (Autocast.Begin(network.Device, _options.Precision)) (logits, taught) = (network.Module.call(input), Teacher?.Logits(input));
        return _options.Precision == Precision.Float32 ? (logits, taught) : (logits.to(ScalarType.Float32), taught?.to(ScalarType.Float32));
    }

    /// <summary>The mean over the batch's pictures, each times its weight. Dividing by their number, not by the sum of their weights, makes batches of rare classes count more, as they should.</summary>
    private Tensor Loss(Tensor logits, Tensor? taught, Tensor targets, Tensor rows)
    {
        if (_weights is null && taught is null) return nn.functional.cross_entropy(logits, targets, label_smoothing: _options.LabelSmoothing);
        var losses = nn.functional.cross_entropy(logits, targets, reduction: nn.Reduction.None, label_smoothing: _options.LabelSmoothing);
        if (taught is not null) losses = Teacher!.Blend(losses, logits, taught);
        return (_weights is null ? losses : losses * _weights.index_select(0, rows).to(logits.device)).mean();
    }

    /// <summary>What becomes of the gradients of a batch.</summary>
    private void Step(TrainableNetwork network, StepRates rates, Action? gradientsReady)
    {
        gradientsReady?.Invoke();
        if (_options.ClipNorm is { } limit) GradientClipping.Clip(network, limit);
        _optimizer.Step(network, rates);
        if (_options.EmaDecay is { } decay) WeightAverage.Update(network, decay);
    }
}
