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
    private Tensor? _order;
    private int _orderOfEpoch = -1;

    public TrainingLoop(PictureStore pictures, TrainingOptions options, Device device, Generator generator, CancellationToken cancellation)
    {
        _pictures = pictures;
        _options = options;
        _generator = generator;
        _cancellation = cancellation;
        StepsPerEpoch = (int)Math.Ceiling(pictures.Count / (double)options.BatchSize);
        _unit = device.type == DeviceType.CPU ? torch.get_num_threads() : 1;
        _optimizer = new(options);
        _schedule = LearningRateSchedule.Of(options, StepsPerEpoch);
    }

    /// <summary>Batches an epoch.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>Called about twice a second with the mean loss, pictures and seconds of the present call of <see cref="Train"/>.</summary>
    public Action<TrainingStretch>? Progress { get; init; }

    /// <summary>The learning rate and the momentum of a step of an epoch.</summary>
    public StepRates Rates(int epoch, int step) => _retraining is not null && epoch >= _retrainsFrom
        ? _retraining.At((long)(epoch - _retrainsFrom) * StepsPerEpoch + step)
        : _schedule.At((long)epoch * StepsPerEpoch + step);

    /// <summary>Follows another schedule from an epoch on.</summary>
    public void Retrain(LearningRateSchedule schedule, int fromEpoch) => (_retraining, _retrainsFrom) = (schedule, fromEpoch);

    /// <summary>Trains on some steps of an epoch.</summary>
    /// <param name="network">What to train.</param>
    /// <param name="augmentation">Turns bytes into the network's input.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="from">The first step, from 0.</param>
    /// <param name="to">The step after the last one.</param>
    /// <param name="gradientsReady">Called after each backward pass, before the parameters move.</param>
    /// <returns>What was done; shorter than asked for when the run was cancelled.</returns>
    /// <exception cref="TrainingDivergedException">The loss is no longer finite.</exception>
    public TrainingStretch Train(TrainableNetwork network, BatchAugmentation augmentation, int epoch, int from, int to, Action? gradientsReady)
    {
        network.Module.Train(_generator);
        var order = Order(epoch);
        var watch = Stopwatch.StartNew();
        var reported = TimeSpan.Zero;
        using var lossSum = zeros(1, device: network.Device).DetachFromDisposeScope();
        long pictures = 0;
        var step = from;
        for (; step < to && !_cancellation.IsCancellationRequested; step++)
        {
            using var scope = NewDisposeScope();
            var (loss, count) = Backward(network, augmentation, order, step);
            gradientsReady?.Invoke();
            _optimizer.Step(network, Rates(epoch, step));
            using (no_grad()) lossSum.add_(loss.detach(), count);
            pictures += count;
            if (Progress is not null && watch.Elapsed - reported > s_progressInterval)
            {
                reported = watch.Elapsed;
                Progress(Stretch(step + 1));
            }
        }
        var result = Stretch(step);
        if (!double.IsFinite(result.LossSum))
        {
            throw new TrainingDivergedException(FormattableString.Invariant(
                $"The training loss is {result.LossSum} in epoch {epoch}, between steps {from} and {step}, at a learning rate of {Rates(epoch, Math.Max(from, step - 1)).LearningRate:G3}. Try a lower Training.LearningRate or a longer Training.WarmUpShare."));
        }
        return result;

        // Reading the loss waits for the device, so the seconds are those of finished work.
        TrainingStretch Stretch(int done)
        {
            var sum = pictures == 0 ? 0 : lossSum.item<float>();
            return new(done, pictures, sum, watch.Elapsed.TotalSeconds);
        }
    }

    /// <summary>Computes gradients on the first batches of an epoch without moving a parameter: scores of a network that has not trained yet.</summary>
    public void Probe(TrainableNetwork network, BatchAugmentation augmentation, int batches, Action gradientsReady)
    {
        network.Module.Train(_generator);
        var order = Order(epoch: 0);
        for (var step = 0; step < Math.Min(batches, StepsPerEpoch); step++)
        {
            using var scope = NewDisposeScope();
            Backward(network, augmentation, order, step);
            gradientsReady();
            network.Weights.Gradients.zero_();
            network.Norms.Gradients.zero_();
        }
    }

    public void Dispose() => _order?.Dispose();

    private (Tensor Loss, long Count) Backward(TrainableNetwork network, BatchAugmentation augmentation, Tensor order, int step)
    {
        var start = Start(step);
        var count = Start(step + 1) - start;
        var rows = order.narrow(0, start, count);
        var input = augmentation.Augment(_pictures.Pixels.index_select(0, rows).to(network.Device), _generator);
        var labels = _pictures.Labels.index_select(0, rows).to(network.Device);
        var loss = nn.functional.cross_entropy(network.Module.call(input), labels, label_smoothing: _options.LabelSmoothing);
        loss.backward();
        return (loss, count);
    }

    private long Start(long step) => step * (_pictures.Count / _unit) / StepsPerEpoch * _unit;

    private Tensor Order(int epoch)
    {
        if (_orderOfEpoch != epoch)
        {
            _order?.Dispose();
            _order = randperm(_pictures.Count, dtype: ScalarType.Int64, generator: _generator).DetachFromDisposeScope();
            _orderOfEpoch = epoch;
        }
        return _order!;
    }
}
