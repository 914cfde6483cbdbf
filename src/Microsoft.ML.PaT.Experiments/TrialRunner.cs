using TorchSharp;

namespace Microsoft.ML.PaT.Experiments;

/// <summary>
/// Trains trials, each in its folder: checkpoints during training, <c>model.pat</c>, <c>report.json</c> and
/// <c>plan.json</c> at the end; with folds, in one subfolder per fold.
/// </summary>
internal sealed class TrialRunner(PaTCatalog catalog, TrialImages images, string folder, DataViewSchema schema)
    : ITrialRunner
{
    private const string Model = "model.pat", Report = "report.json", Plan = "plan.json", Checkpoints = "checkpoints";

    private readonly int _runs = images.Runs;

    /// <summary>Hash of each file with weights by its path.</summary>
    private readonly Dictionary<string, string> _hashes = [];

    public string IdOf(PruningAwareTrainingOptions options)
    {
        var (training, validation) = images.All;
        var network = options.Network!.Build(training.Shape, training.Classes.Count);
        // The definition is part of the identity, because two networks that a program builds may have the same name.
        var recipe = options with { Network = NetworkArchitecture.Of(network) };
        string[] identity =
        [
            recipe.Hash,
            HashOf(options.Network!.WeightsPath) + HashOf(options.Weights?.Path), // the recipe has only the paths
            UsesGpu(options) ? "GPU" : "CPU",
            $"{options.Threads ?? torch.get_num_threads()} threads",
            training.ComputeHash(),
            validation?.ComputeHash() ?? "",
            images.Kind, // folds train on other images
        ];
        return TextHash.Of(string.Join('\n', identity));
    }

    private string HashOf(string? path)
    {
        if (path is null) return "";
        if (_hashes.TryGetValue(path, out var known)) return known;
        return _hashes[path] = new WeightsFile(path).ComputeHash();
    }

    public PruningTrial Run(PruningTrial trial, int? until, CancellationToken stop)
    {
        var runs = new List<Outcome>();
        for (var run = 0; run < _runs; run++)
        {
            stop.ThrowIfCancellationRequested();
            runs.Add(
                images.Use(run, (training, validation) =>
                    Train(
                        trial.Options,
                        FolderOf(trial, run),
                        training,
                        validation,
                        until,
                        stop)));
        }
        stop.ThrowIfCancellationRequested();
        trial = trial with
        {
            State = TrialState.Paused,
            Epochs = runs.Max(r => r.Report.Epochs.Count),
            Accuracy = runs.Average(r => r.Accuracy),
            Seconds = runs.Sum(r => r.Report.Seconds.Total),
        };
        if (runs.Exists(r => r.Report.Stopped)) return trial;
        var models = runs.ConvertAll(r => r.Report.Compact ?? r.Report.Dense);
        return trial with
        {
            State = TrialState.Finished,
            LatencyMs = models.Average(m => m.LatencyMs),
            Macs = (long)models.Average(m => m.Macs),
            Parameters = (long)models.Average(m => m.Parameters),
        };
    }

    public void Release(PruningTrial trial)
    {
        for (var run = 0; run < _runs; run++)
        {
            var checkpoints = Path.Combine(FolderOf(trial, run), Checkpoints);
            try
            {
                if (Directory.Exists(checkpoints)) Directory.Delete(checkpoints, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another process reads the file. A file that remains takes space but does no harm.
            }
        }
    }

    /// <summary>Loads the model of a finished trial; with folds, that of the most accurate one.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="InvalidFileException">A file is damaged.</exception>
    public PruningAwareTrainingTransformer Load(PruningTrial trial)
    {
        var models = Enumerable.Range(0, _runs).Select(run => Open(FolderOf(trial, run))).ToList();
        var best = models.MaxBy(m => Accuracy(m.Report))!;
        foreach (var other in models.Where(m => m != best)) other.Dispose();
        return best;

        PruningAwareTrainingTransformer Open(string own)
        {
            var plan = Path.Combine(own, Plan);
            var result = new PruningAwareResult(
                ImageClassifier.Load(Path.Combine(own, Model)),
                RunReport.ReadJson(Path.Combine(own, Report)),
                File.Exists(plan) ? PruningPlan.Load(plan) : null);
            return catalog.ToTransformer(result, trial.Options, schema);
        }
    }

    // That of the returned network, which is not that of the last epoch if the run ended by patience.
    private static double? Accuracy(RunReport report) => report.Classification is { Count: > 0 } seen
        ? (double)seen.Classes.Sum(c => c.Correct) / seen.Count
        : report.Epochs[^1].Accuracy;

    /// <summary>Folder of a run: that of the trial, or that of the fold below it.</summary>
    private string FolderOf(PruningTrial trial, int run) =>
        _runs == 1 ? Path.Combine(folder, trial.Id) : Path.Combine(folder, trial.Id, $"fold-{run + 1}");

    private bool UsesGpu(PruningAwareTrainingOptions options) =>
        (options.Device == ComputeDevice.Cuda
            || (options.Device == ComputeDevice.Automatic && catalog.Context.GpuDeviceId is not null))
        && torch.cuda.is_available();

    private Outcome Train(
        PruningAwareTrainingOptions options,
        string own,
        ImageDataset training,
        ImageDataset validation,
        int? until,
        CancellationToken stop)
    {
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Directory.CreateDirectory(own);
        options = options with
        {
            CancellationToken = pause.Token,
            Checkpoints = options.Checkpoints with { Folder = Path.Combine(own, Checkpoints), Resume = true },
            TensorBoardFolder = options.TensorBoardFolder is { } logs
                ? Path.Combine(logs, Path.GetRelativePath(folder, own))
                : null,
        };
        options = options with { Observers = [.. options.Observers, IRunObserver.Of(PauseWhenDue)] };
        var result = catalog.Train(training, validation, options);
        using var transformer = catalog.ToTransformer(result, options, schema);
        if (!result.Report.Stopped)
        {
            transformer.SaveArchive(Path.Combine(own, Model));
            result.Report.WriteJson(Path.Combine(own, Report));
            result.Plan?.Save(Path.Combine(own, Plan));
        }
        return new(result.Report, result.Accuracy ?? 0);

        void PauseWhenDue(RunEvent happened)
        {
            // A resumed run may already be at the end of the epoch.
            if (happened.Epoch + (happened is EpochEnded ? 1 : 0) >= until) pause.Cancel();
        }
    }

    private sealed record Outcome(RunReport Report, double Accuracy);
}
