using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Distributed;
using Microsoft.ML.PaT.Internal;
using Microsoft.ML.PaT.Results;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <summary>
/// Trains: forward pass, backward pass, gradient clipping and optimizer step, batch after batch, at the rates of the
/// schedule. Recomputes batch-norm statistics after pruning.
/// </summary>
internal sealed class TrainingLoop : IDisposable
{
    private static readonly TimeSpan s_progressInterval = TimeSpan.FromSeconds(0.5);

    private readonly ImageDataset _images;
    private readonly TrainingOptions _options;
    private readonly NetworkOptimizer _optimizer;
    private readonly LearningRateSchedule _schedule;
    private LearningRateSchedule? _retraining;
    private int _retrainsFrom;
    private readonly Generator _generator;
    private readonly CancellationToken _cancellation;
    private readonly Device _device;
    private EpochBatches _batches;
    private double _rateFactor = 1;
    private readonly bool _checksEachStep;
    private readonly BatchGradients _gradients;
    private readonly LossScale? _scale;
    private readonly Communicator _ranks;
    private readonly GradientExchange _exchange;
    private bool _isStopped;

    public TrainingLoop(
        ImageDataset images,
        TrainingOptions options,
        Device device,
        Generator generator,
        CancellationToken cancellation,
        Communicator? ranks = null)
    {
        _ranks = ranks ?? SingleProcess.Instance;
        _exchange = new(_ranks);
        _images = images;
        _options = options;
        _generator = generator;
        _cancellation = cancellation;
        _device = device;
        // Reading a value waits for a GPU. Ranks wait for each other anyway; all must find a divergence in one step.
        _checksEachStep = device.type == DeviceType.CPU || _ranks.Size > 1;
        _optimizer = NetworkOptimizer.Of(options);
        _scale = options.Precision == Precision.Float16 ? new() : null;
        _gradients = new(images, options, device, generator, _scale);
        _batches = NewBatches(options.BatchSize);
        StepsOfSchedule = _batches.Count;
        _schedule = LearningRateSchedule.Of(options, StepsOfSchedule);
    }

    /// <summary>Batches per epoch.</summary>
    public int StepsPerEpoch => _batches.Count;

    /// <summary>A remark on the size of batches; null for none.</summary>
    public string? Remark => _batches.Remark;

    /// <summary>Batches per epoch at the start of the run. Schedules use it even after the batch has grown.</summary>
    public int StepsOfSchedule { get; }

    /// <summary>
    /// Called about twice a second with the results of the current call of <see cref="Train"/> so far.
    /// </summary>
    public Action<TrainingSegment>? Progress { get; set; }

    /// <summary>Called after each step; true ends the call of <see cref="Train"/> early.</summary>
    public Func<bool>? Pause { get; init; }

    /// <summary>Whether batch-norms use the statistics of the whole batch, over all ranks.</summary>
    public bool SynchronizesNorms { get; init; }

    /// <summary>Teacher for distillation; null for none. Not owned.</summary>
    public Teacher? Teacher
    {
        get => _gradients.Teacher;
        set => _gradients.Teacher = value;
    }

    /// <summary>
    /// Whether the run was canceled on any rank. The ranks exchange this with the gradients of a step.
    /// </summary>
    public bool IsStopped => _ranks.Size > 1 ? _isStopped : _cancellation.IsCancellationRequested;

    /// <summary>Factor of the learning rate.</summary>
    public double RateScale { get; init; } = 1;

    /// <summary>Whether the network had given weights before its first step.</summary>
    public bool StartsFromWeights { get; init; }

    private Communicator? Norms => SynchronizesNorms ? _ranks : null;

    public StepRates Rates(int epoch, int step)
    {
        var at = (long)step * StepsOfSchedule / StepsPerEpoch;
        var rates = _retraining is not null && epoch >= _retrainsFrom
            ? _retraining.At((long)(epoch - _retrainsFrom) * StepsOfSchedule + at)
            : _schedule.At((long)epoch * StepsOfSchedule + at);
        return rates with { LearningRate = RateScale * _rateFactor * rates.LearningRate };
    }

    /// <summary>Continues with larger batches, between two epochs.</summary>
    /// <param name="growth">New batch size and factor of the learning rate.</param>
    public void Grow(BatchGrowthReport growth)
    {
        _batches.Dispose();
        _batches = NewBatches(growth.BatchSize);
        _rateFactor = growth.RateFactor;
    }

    /// <summary>Uses another schedule from an epoch on.</summary>
    public void Retrain(LearningRateSchedule schedule, int fromEpoch) =>
        (_retraining, _retrainsFrom) = (schedule, fromEpoch);

    /// <summary>
    /// State of the random generator within an epoch and of the loss scale, in the caller's dispose scope.
    /// </summary>
    public Dictionary<string, Tensor> State(int epoch)
    {
        var state = _batches.State(epoch);
        if (_scale is not null) state["scale"] = _scale.State();
        return state;
    }

    /// <summary>Restores the result of <see cref="State"/> within the same epoch.</summary>
    public void Restore(IReadOnlyDictionary<string, Tensor> state, int epoch)
    {
        _batches.Restore(state, epoch);
        if (state.TryGetValue("scale", out var scale)) _scale?.Restore(scale);
    }

    /// <summary>Trains for some steps of an epoch.</summary>
    /// <param name="augmentation">Converts bytes to the network's input.</param>
    /// <param name="epoch">Index of the epoch.</param>
    /// <param name="from">First step, from 0.</param>
    /// <param name="gradientsReady">Called after each backward pass, before the parameters are updated.</param>
    /// <returns>The steps done; fewer than requested if the run was canceled or <see cref="Pause"/> returned
    /// true.</returns>
    /// <exception cref="TrainingDivergedException">The loss is too large (<see cref="Divergence.OfLoss"/>) or not
    /// finite, or a gradient is not finite. On a CPU, every step is checked before the update; on a GPU, only when
    /// progress is reported.</exception>
    /// <exception cref="DistributedTrainingException">Another rank is lost or hangs.</exception>
    public TrainingSegment Train(
        TrainableNetwork network, BatchAugmentation augmentation, int epoch, int from, int to, Action? gradientsReady)
    {
        using var training = new TrainingMode(
            network.Module, _generator, Norms, LayerRates.Of(network.Definition, _options).FrozenNorms);
        var watch = Stopwatch.StartNew();
        var reported = TimeSpan.Zero;
        using var losses = new LossReader(_batches, _gradients, from, to, network.Device);
        var step = from;
        for (; step < to && !IsStopped && (step == from || Pause?.Invoke() != true); step++)
        {
            ExitGate.Pass();
            using var scope = NewDisposeScope();
            _ranks.Position = $"epoch {epoch}, step {step}";
            var (input, loss) = _gradients.Add(network, augmentation, _batches, epoch, step);
            _isStopped = _exchange.Sum(network, loss, _cancellation.IsCancellationRequested);
            losses.Add(step, loss);
            if (_checksEachStep)
            {
                ReadLosses(step + 1, input);
                if (_scale is null && Divergence.OfGradients(network) is { } where)
                    throw Diverged("a gradient is not finite", step, where);
            }
            if (_scale?.Unscale(network) != false) Step(network, Rates(epoch, step), gradientsReady);
            else if (_scale.IsExhausted) throw Diverged("a gradient is not finite", step, where: null);
            if (Progress is not null && watch.Elapsed - reported > s_progressInterval)
            {
                reported = watch.Elapsed;
                Progress(SegmentTo(step + 1));
            }
        }
        return SegmentTo(step);

        // Reading the loss waits for the device, so the seconds include all work.
        TrainingSegment SegmentTo(int done)
        {
            ReadLosses(done, input: null);
            return new(done, _batches.Start(done) - _batches.Start(from), losses.Sum, watch.Elapsed.TotalSeconds);
        }

        void ReadLosses(int until, Tensor? input)
        {
            if (losses.ReadTo(until) is { } wrong)
            {
                var where = input is null ? null : Divergence.OfActivations(network, input);
                throw Diverged(wrong.What, wrong.Step, where);
            }
        }

        TrainingDivergedException Diverged(string what, int at, string? where) => Divergence.Error(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{what} in epoch {epoch}, step {at} of {StepsPerEpoch}, at a learning rate of "
                    + $"{Rates(epoch, at).LearningRate:G3}{(where is null ? "" : $"; first at {where}")}"),
            StartsFromWeights && !_options.FitClassifierFirst);
    }

    /// <inheritdoc cref="NormRecalibration.Run"/>
    public void Recalibrate(TrainableNetwork network, BatchAugmentation augmentation, int epoch, int batches) =>
        new NormRecalibration(_batches, _generator, _ranks, Norms, _options.GradientAccumulationSteps)
            .Run(network, augmentation, epoch, batches);

    public void Dispose()
    {
        _batches.Dispose();
        _gradients.Dispose();
    }

    private EpochBatches NewBatches(int size)
    {
        var batches = new EpochBatches(_images, size, _generator, _ranks, withOneBefore: _gradients.MixesImages);
        batches.RequireImagesForAll();
        return batches;
    }

    /// <summary>Applies the gradients of a batch.</summary>
    private void Step(TrainableNetwork network, StepRates rates, Action? gradientsReady)
    {
        gradientsReady?.Invoke();
        _optimizer.DropFrozen(network);
        if (_options.MaxGradientNorm is { } limit) GradientClipping.Clip(network, limit);
        _optimizer.Step(network, rates);
        if (_options.EmaDecay is { } decay) WeightAverage.Update(network, decay);
    }
}
