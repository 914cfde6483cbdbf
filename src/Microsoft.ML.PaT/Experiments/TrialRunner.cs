using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Internal;
using Microsoft.ML.PaT.Runs;
using Microsoft.ML.PaT.Serving;
using TorchSharp;

namespace Microsoft.ML.PaT.Experiments;

/// <summary>
/// Trains trials, each in its folder: checkpoints during training, <c>model.pat</c> and <c>plan.json</c> at the end;
/// with folds, in one subfolder per fold.
/// </summary>
/// <param name="images">What is trained on.</param>
/// <param name="device">Where.</param>
/// <param name="folder">The folder of the experiment.</param>
/// <param name="read">How the images were read, for the reports.</param>
/// <param name="log">Receives the events of every run.</param>
internal sealed class TrialRunner(
    TrialImages images, torch.Device device, string folder, ImagesRead read, IRunObserver log) : ITrialRunner
{
    /// <summary>Files of a trial or fold.</summary>
    public const string Model = "model.pat", Plan = "plan.json";

    private const string Checkpoints = "checkpoints";

    public string IdOf(PruningAwareTrainingOptions options)
    {
        var (training, validation) = images.All;
        var network = options.NetworkFor(training.Shape, training.Classes.Count);
        var threads = options.Threads ?? torch.get_num_threads();
        var identity = new RunIdentity(options, network, device, threads, training, validation);
        var text = $"{identity.Hash} {images.Kind}"; // folds train on other images
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
    }

    public PruningTrial Run(PruningTrial trial, int? until, CancellationToken stop)
    {
        var runs = new List<Outcome>();
        for (var run = 0; run < images.Runs; run++)
        {
            stop.ThrowIfCancellationRequested();
            runs.Add(
                images.Use(run, (training, validation) =>
                    Train(
                        trial.Options,
                        FolderOf(folder, trial.Id, images.Runs, run),
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
        for (var run = 0; run < images.Runs; run++)
        {
            var checkpoints = Path.Combine(FolderOf(folder, trial.Id, images.Runs, run), Checkpoints);
            try
            {
                if (Directory.Exists(checkpoints)) Directory.Delete(checkpoints, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another process reads the file. A file that is left over takes space but does no harm.
            }
        }
    }

    /// <summary>Folder of a run: that of the trial, or that of the fold below it.</summary>
    public static string FolderOf(string experiment, string id, int runs, int run) =>
        runs == 1 ? Path.Combine(experiment, id) : Path.Combine(experiment, id, $"fold-{run + 1}");

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
        var result = new PruningAwareRun(
            options, device, new RunObservers([.. options.Observers, log, IRunObserver.Of(PauseWhenDue)]))
        {
            Read = read,
        }.Execute(training, validation);
        using var classifier = result.Classifier;
        var report = result.Report;
        if (!report.Stopped)
        {
            AtomicFile.Write(Path.Combine(own, Model), file => ModelArchive.Save(file, classifier, report));
            result.Plan?.Save(Path.Combine(own, Plan));
        }
        return new(report, result.Accuracy ?? 0);

        void PauseWhenDue(RunEvent happened)
        {
            // A resumed run may already be at the end of the epoch.
            if (happened.Epoch + (happened is EpochEnded ? 1 : 0) >= until) pause.Cancel();
        }
    }

    private sealed record Outcome(RunReport Report, double Accuracy);
}
