using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Distributed;
using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Budget;
using Microsoft.ML.PaT.Pruning.Scoring;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Benchmark;

/// <summary>
/// The training loop of a run on random bytes, whose content has no influence on the speed: batches, crop and mirror
/// image, forward, backward, step.
/// </summary>
internal sealed class TimedTraining : IDisposable
{
    private const int WarmUp = 10;
    private readonly TrainingOptions _options;
    private readonly ImageDataset _images;
    private readonly torch.Generator _generator = new(1);
    private readonly MeasurementCache _cache = MeasurementCache.Of(torch.CPU);
    private readonly TrainingLoop _loop;
    private readonly int _windows, _steps;
    private TrainableNetwork _network;
    private int _epoch, _next;

    /// <param name="definition">Network; its weights are random.</param>
    /// <param name="batch">Batch size, of all ranks together.</param>
    /// <param name="windows">Number of windows.</param>
    /// <param name="steps">Steps per window.</param>
    /// <param name="precision">Precision of the computation.</param>
    /// <param name="fusedNorms">Whether norms are fused.</param>
    /// <param name="ranks">Ranks that share each batch; null for this process only.</param>
    /// <param name="synchronizesNorms">Whether batch-norms use the whole batch.</param>
    public TimedTraining(
        NetworkDefinition definition,
        int batch,
        int windows,
        int steps,
        Precision precision = Precision.Float32,
        bool fusedNorms = true,
        Communicator? ranks = null,
        bool synchronizesNorms = false)
    {
        (_windows, _steps) = (windows, steps);
        _options =
            new()
            {
                BatchSize = batch, LearningRate = 0.05, Epochs = 1000, Precision = precision, FusedNorms = fusedNorms,
            };
        ComputePrecision.Require(torch.CPU, precision);
        using var scope = torch.NewDisposeScope();
        var (shape, count) = (definition.Input, batch * (WarmUp + windows * steps));
        _images = new(
            torch.randint(
                0,
                256,
                [count, shape.Channels, shape.Height, shape.Width],
                dtype: torch.uint8,
                generator: _generator),
            torch.randint(0, definition.Classes, [count], dtype: torch.int64, generator: _generator),
            [.. Enumerable.Range(0, definition.Classes).Select(c => $"{c}")]);
        _loop = new(_images, _options, torch.CPU, _generator, CancellationToken.None, ranks)
        {
            SynchronizesNorms = synchronizesNorms,
        };
        _network = TrainableNetwork.Initialize(
            definition,
            _generator,
            torch.CPU,
            MemoryFormatProbe.Choose(definition, torch.CPU, _options, _cache).ChannelsLast,
            fusedNorms);
    }

    public NetworkDefinition Definition => _network.Definition;

    /// <summary>Images a second: the median of the windows, after a warm-up.</summary>
    public double ImagesPerSecond()
    {
        using var augmentation = new BatchAugmentation(
            _images.Shape, new(), new([0.5f, 0.5f, 0.5f], [0.25f, 0.25f, 0.25f]), torch.CPU, _network.ChannelsLast);
        _loop.Train(_network, augmentation, _epoch, 0, WarmUp, gradientsReady: null);
        var speeds = Enumerable.Range(0, _windows)
            .Select(w =>
                _loop.Train(
                        _network,
                        augmentation,
                        _epoch,
                        WarmUp + w * _steps,
                        WarmUp + (w + 1) * _steps,
                        gradientsReady: null)
                    .ImagesPerSecond)
            .Order()
            .ToArray();
        _epoch++;
        return (speeds[(_windows - 1) / 2] + speeds[_windows / 2]) / 2;
    }

    /// <summary>Images/s of the next window; there are as many as the constructor was given. The first steps of the
    /// first one are a warm-up.</summary>
    public double NextWindow()
    {
        using var augmentation = new BatchAugmentation(
            _images.Shape, new(), new([0.5f, 0.5f, 0.5f], [0.25f, 0.25f, 0.25f]), torch.CPU, _network.ChannelsLast);
        if (_next == 0) _loop.Train(_network, augmentation, _epoch, 0, _next = WarmUp, gradientsReady: null);
        return _loop.Train(_network, augmentation, _epoch, _next, _next += _steps, gradientsReady: null)
            .ImagesPerSecond;
    }

    /// <summary>Milliseconds of a step, the median of some after a warm-up of two.</summary>
    /// <param name="steps">How many.</param>
    public double Milliseconds(int steps)
    {
        using var augmentation = new BatchAugmentation(
            _images.Shape, new(), new([0.5f, 0.5f, 0.5f], [0.25f, 0.25f, 0.25f]), torch.CPU, _network.ChannelsLast);
        _loop.Train(_network, augmentation, _epoch, 0, 2, gradientsReady: null);
        var times = Enumerable.Range(2, steps)
            .Select(s => _loop.Train(_network, augmentation, _epoch, s, s + 1, gradientsReady: null).Seconds * 1000)
            .Order()
            .ToArray();
        _epoch++;
        return times[steps / 2];
    }

    /// <summary>
    /// Removes channels by magnitude, with the default width step and memory format of a run. Returns the predicted
    /// fraction of the time of a step; null for a target that needs no table of layers.
    /// </summary>
    public double? Prune(PruningTarget target)
    {
        var groups = ChannelGroups.Of(Definition);
        var budget = new BudgetSettings { Target = target, TrainingBatch = _options.BatchSize };
        var planner = TargetPlannerFactory.For(budget, groups, torch.CPU, _cache);
        ChannelPruner surgeon;
        using (torch.NewDisposeScope())
        {
            using var scorer = new ChannelScorer(
                new() { Criterion = Importance.Magnitude }, _network, images: null, seed: 0, planner: null);
            surgeon = new(groups, planner.Plan(groups, scorer.Score(observations: 1)));
        }
        var compact = _network.Prune(
            surgeon, MemoryFormatProbe.Choose(surgeon.Definition, torch.CPU, _options, _cache).ChannelsLast);
        _network.Dispose();
        _network = compact;
        return planner.PredictedTime(ChannelGroups.Of(Definition));
    }

    public void Dispose()
    {
        _network.Dispose();
        _loop.Dispose();
        _images.Dispose();
        _generator.Dispose();
    }
}
