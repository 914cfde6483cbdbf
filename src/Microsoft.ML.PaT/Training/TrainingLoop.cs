using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT;

/// <summary>
/// Steps through the training pictures in an order drawn anew for each epoch, in batches of almost one size, so that no small last batch
/// upsets the batch-norms. On a CPU a batch is a multiple of the threads: they share it evenly, and oneDNN 2 corrupts memory in the weight
/// gradient of narrow channels-last convolutions when they cannot (docs/decisions/even-batches.md).
/// </summary>
internal sealed class TrainingLoop : IDisposable
{
    private static readonly TimeSpan s_progressInterval = TimeSpan.FromSeconds(0.5);

    private readonly PictureStore _pictures;
    private readonly TrainingOptions _options;
    private readonly SgdOptimizer _optimizer;
    private readonly LearningRateSchedule _schedule;
    private LearningRateSchedule? _retraining;
    private int _retrainsFrom;
    private readonly Generator _generator;
    private readonly CancellationToken _cancellation;
    private readonly int _unit;
    private readonly bool _checksEveryStep;
    private readonly Tensor? _weights;
    private readonly BatchMixing? _mixing;
    private Tensor? _order, _beforeOrder;
    private BatchPrefetcher? _ahead;
    private int _aheadFrom;
    private int _orderOfEpoch = -1;

    public TrainingLoop(PictureStore pictures, TrainingOptions options, Device device, Generator generator, CancellationToken cancellation)
    {
        _pictures = pictures;
        _options = options;
        _generator = generator;
        _cancellation = cancellation;
        StepsPerEpoch = (int)Math.Ceiling(pictures.Count / (double)options.BatchSize);
        _checksEveryStep = device.type == DeviceType.CPU;
        _unit = device.type == DeviceType.CPU ? torch.get_num_threads() : 1;
        _optimizer = new(options);
        _weights = PictureWeights.Of(pictures, options.ClassWeights);
        _mixing = BatchMixing.Of(options, pictures.Shape, pictures.Classes.Count, device);
        _schedule = LearningRateSchedule.Of(options, StepsPerEpoch);
    }

    /// <summary>Batches an epoch.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>Called about twice a second with the mean loss, pictures and seconds of the present call of <see cref="Train"/>.</summary>
    public Action<TrainingStretch>? Progress { get; init; }

    /// <summary>Asked after each step whether to return before all that was asked for is done.</summary>
    public Func<bool>? Pause { get; init; }

    /// <summary>Factor on the learning rate.</summary>
    public double RateScale { get; init; } = 1;

    /// <summary>The learning rate and the momentum of a step of an epoch.</summary>
    public StepRates Rates(int epoch, int step)
    {
        var rates = _retraining is not null && epoch >= _retrainsFrom
            ? _retraining.At((long)(epoch - _retrainsFrom) * StepsPerEpoch + step)
            : _schedule.At((long)epoch * StepsPerEpoch + step);
        return rates with { LearningRate = RateScale * rates.LearningRate };
    }

    /// <summary>Follows another schedule from an epoch on.</summary>
    public void Retrain(LearningRateSchedule schedule, int fromEpoch) => (_retraining, _retrainsFrom) = (schedule, fromEpoch);

    /// <summary>The state of all that is random within an epoch: the generator now, and before it drew the epoch's order. In the caller's scope.</summary>
    public Dictionary<string, Tensor> State(int epoch)
    {
        var state = new Dictionary<string, Tensor> { ["generator"] = _generator.get_state() };
        if (_orderOfEpoch == epoch) state["order"] = _beforeOrder!;
        return state;
    }

    /// <summary>Goes on from what <see cref="State"/> gave, within the same epoch.</summary>
    public void Restore(IReadOnlyDictionary<string, Tensor> state, int epoch)
    {
        if (state.TryGetValue("order", out var before))
        {
            _generator.set_state(before);
            Order(epoch);
        }
        _generator.set_state(state["generator"]);
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
    public TrainingStretch Train(TrainableNetwork network, BatchAugmentation augmentation, int epoch, int from, int to, Action? gradientsReady)
    {
        network.Module.Train(_generator);
        var order = Order(epoch);
        var watch = Stopwatch.StartNew();
        var reported = TimeSpan.Zero;
        using var losses = zeros(to - from, device: network.Device).DetachFromDisposeScope();
        var (step, read, lossSum) = (from, from, 0.0);
        for (; step < to && !_cancellation.IsCancellationRequested && (step == from || Pause?.Invoke() != true); step++)
        {
            using var scope = NewDisposeScope();
            var (input, loss) = Backward(network, augmentation, order, step);
            using (no_grad()) losses.narrow(0, step - from, 1).copy_(loss.detach());
            if (_checksEveryStep)
            {
                ReadLosses(step + 1, input);
                if (Divergence.OfGradients(network) is { } where) throw Diverged("a gradient", step, where);
            }
            gradientsReady?.Invoke();
            _optimizer.Step(network, Rates(epoch, step));
            if (Progress is not null && watch.Elapsed - reported > s_progressInterval)
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
            return new(done, Start(done) - Start(from), lossSum, watch.Elapsed.TotalSeconds);
        }

        void ReadLosses(int until, Tensor? input)
        {
            if (until == read) return;
            using var scope = NewDisposeScope();
            foreach (var loss in losses.narrow(0, read - from, until - read).cpu().data<float>())
            {
                if (!float.IsFinite(loss)) throw Diverged(FormattableString.Invariant($"the loss ({loss})"), read, input is null ? null : Divergence.OfActivations(network, input));
                lossSum += (double)loss * (Start(read + 1) - Start(read));
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
        network.Module.Train(_generator);
        var order = Order(epoch);
        for (var step = 0; step < batches; step++)
        {
            using var scope = NewDisposeScope();
            // From zero, a batch leaves its own statistics times the momentum.
            foreach (var (running, _, _) in statistics) running.zero_();
            var rows = order.narrow(0, Start(step), Start(step + 1) - Start(step));
            network.Module.call(augmentation.Augment(_pictures.Read(rows).to(network.Device), _generator));
            foreach (var (running, sum, momentum) in statistics) sum.add_(running, 1 / (momentum * batches));
        }
        foreach (var (running, sum, _) in statistics) running.copy_(sum);
    }

    public void Dispose()
    {
        Forget();
        _weights?.Dispose();
        _mixing?.Dispose();
    }

    private (Tensor Input, Tensor Loss) Backward(TrainableNetwork network, BatchAugmentation augmentation, Tensor order, int step)
    {
        var start = Start(step);
        var count = Start(step + 1) - start;
        var rows = order.narrow(0, start, count);
        var input = augmentation.Augment(Pictures(rows, step).to(network.Device), _generator);
        var targets = _pictures.Labels.index_select(0, rows).to(network.Device);
        if (_mixing is not null) (input, targets) = _mixing.Mix(input, targets, _generator);
        var loss = Loss(network.Module.call(input), targets, rows);
        loss.backward();
        return (input, loss);
    }

    /// <summary>The mean over the batch's pictures, each times its weight. Dividing by their number, not by the sum of their weights, makes batches of rare classes count more, as they should.</summary>
    private Tensor Loss(Tensor logits, Tensor targets, Tensor rows) => _weights is null
        ? nn.functional.cross_entropy(logits, targets, label_smoothing: _options.LabelSmoothing)
        : (nn.functional.cross_entropy(logits, targets, reduction: nn.Reduction.None, label_smoothing: _options.LabelSmoothing) * _weights.index_select(0, rows).to(logits.device)).mean();

    /// <summary>The pictures of a step; from the disk they are read ahead to the end of the epoch.</summary>
    private Tensor Pictures(Tensor rows, int step)
    {
        if (!_pictures.IsOnDisk) return _pictures.Read(rows);
        if (_ahead is null || _aheadFrom + _ahead.Next != step)
        {
            _ahead?.Dispose();
            _ahead = new(_pictures, _order!, [.. Enumerable.Range(step, StepsPerEpoch - step + 1).Select(s => Start(s))]);
            _aheadFrom = step;
        }
        return _ahead.Take();
    }

    private long Start(long step) => step * (_pictures.Count / _unit) / StepsPerEpoch * _unit;

    private void Forget()
    {
        _ahead?.Dispose();
        _ahead = null;
        _order?.Dispose();
        _beforeOrder?.Dispose();
    }

    private Tensor Order(int epoch)
    {
        if (_orderOfEpoch != epoch)
        {
            Forget();
            _beforeOrder = _generator.get_state().DetachFromDisposeScope();
            _order = randperm(_pictures.Count, dtype: ScalarType.Int64, generator: _generator).DetachFromDisposeScope();
            _orderOfEpoch = epoch;
        }
        return _order!;
    }
}
