using Microsoft.ML.PaT.Experiments;
using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Serving;

namespace Microsoft.ML.PaT.Tests;

public class PruningExperimentTests
{
    private static readonly PruningExperimentSettings s_settings = new()
    {
        Options = TinyRows.Options with
        {
            Pruning = new() { RoundTo = 1, Policy = PruningPolicy.AtEpoch(1), Criterion = Importance.Magnitude },
            Training = TinyRows.Options.Training with { Epochs = 3, ValidationFraction = 0.25 },
        },
        Space = new() { Ratio = SearchAxis.Of(0.3, 0.6), LearningRate = SearchAxis.Of(0.001, 0.1) },
        Strategy = SearchStrategy.Grid,
    };

    private readonly MLContext _ml = new(seed: 1);

    [Test]
    public void An_experiment_finds_a_model_that_scores_and_says_what_it_costs()
    {
        var data = Keyed(80);
        var reported = new List<PruningTrial>();
        string folder;
        using (var result = _ml.PaT().Experiment(s_settings).Execute(data, new Report(reported.Add)))
        {
            Assert.That(
                result.RunDetails.Select(t => string.Join(' ', t.Values.Values)),
                Is.EqualTo((string[])["0.3 0.001", "0.3 0.1", "0.6 0.001", "0.6 0.1"]));
            Assert.That(result.RunDetails.Select(t => t.State), Is.All.EqualTo(TrialState.Finished));
            Assert.That(
                result.RunDetails,
                Has.All.Matches<PruningTrial>(t =>
                    t
                        is {
                            Epochs: 3,
                            Accuracy: >= 0 and <= 1,
                            LatencyMs: > 0,
                            Macs: > 0,
                            Parameters: > 0,
                            Seconds: > 0,
                            Exception: null
                        }));
            Assert.That(reported, Has.Count.EqualTo(4));

            var best = result.BestRun!;
            Assert.That(best.Accuracy, Is.EqualTo(result.RunDetails.Max(t => t.Accuracy)));
            Assert.That(best.Model.Report.Epochs[^1].Accuracy, Is.EqualTo(best.Accuracy));
            Assert.That(
                NetworkCost.Of(best.Model.Model.Network),
                Is.EqualTo(new NetworkCost(best.Parameters!.Value, best.Macs!.Value)));
            Assert.That(best.Model.Plan, Is.Not.Null);
            // The trial is an ordinary run: by hand it gives the same weights.
            using var again = _ml.PaT().ImageClassification(best.Options).Fit(data);
            Assert.That(TinyRun.Hash(again.Model), Is.EqualTo(TinyRun.Hash(best.Model.Model)));
            Assert.That(
                _ml.MulticlassClassification.Evaluate(best.Model.Transform(data)).MicroAccuracy, Is.InRange(0, 1));

            var (large, small) = (result.RunDetails[0], result.RunDetails[2]);
            Assert.That(small.Macs, Is.LessThan(large.Macs!.Value));
            Assert.That(result.BestUnder(macs: large.Macs - 1)!.Macs, Is.EqualTo(small.Macs));
            Assert.That(result.BestUnder(parameters: small.Parameters - 1), Is.Null);
            Assert.That(result.BestUnder(latency: 0), Is.Null);
            Assert.That(result.BestUnder(latency: 1e9), Is.EqualTo(best));
            Assert.That(result.ParetoFront(TrialCost.Macs), Has.Some.EqualTo(best));
            Assert.That(result.ParetoFront(), Has.Some.EqualTo(best));
            folder = Directory.GetDirectories(Path.GetTempPath(), "pat-experiment-*")
                .Single(d => Directory.Exists(Path.Combine(d, best.Id)));
        }
        Assert.That(Directory.Exists(folder), Is.False, "a temporary folder goes with the result");
    }

    [Test]
    public void Halving_on_checkpoints_gives_the_run_that_was_never_paused_and_a_second_start_does_nothing_twice()
    {
        using var folder = new TemporaryFolder();
        var data = Keyed(60);
        var settings = s_settings with { Halving = new() { FirstEpochs = 1, Factor = 2 }, Folder = folder.Name };
        string hash;
        using (var result = _ml.PaT().Experiment(settings).Execute(data))
        {
            // Four to one epoch, two to two, one to three.
            Assert.That(result.RunDetails.Select(t => t.Epochs).Order(), Is.EqualTo((int[])[1, 1, 2, 3]));
            var best = result.BestRun!;
            Assert.That(
                result.RunDetails.Where(t => t.State == TrialState.Finished), Is.EqualTo((PruningRunDetail[])[best]));
            using var whole = _ml.PaT().ImageClassification(best.Options).Fit(data);
            Assert.That(best.ToString(), Does.StartWith($"trial {best.Number} (Ratio 0."));
            Assert.That(
                hash = TinyRun.Hash(best.Model.Model),
                Is.EqualTo(TinyRun.Hash(whole.Model)),
                "paused twice, and the same weights");
            Assert.That(
                () => result.RunDetails.First(t => t.State == TrialState.Paused).Model,
                Throws.InvalidOperationException);
        }
        Assert.That(
            Directory.GetDirectories(folder.Name, "checkpoints", SearchOption.AllDirectories),
            Is.Empty,
            "nothing is left of those that will not go on");
        var epochs = 0;
        var watched = settings with
        {
            Options = settings.Options with
            {
                Observers = [IRunObserver.Of(happened => epochs += happened is EpochEnded ? 1 : 0)],
            },
        };
        using var again = _ml.PaT().Experiment(watched).Execute(data);
        Assert.That((epochs, TinyRun.Hash(again.BestRun!.Model.Model)), Is.EqualTo((0, hash)));
    }

    [Test]
    public void An_experiment_that_was_interrupted_ends_as_one_that_was_not([Values] bool halving)
    {
        var data = Keyed(60);
        var settings = s_settings with { Halving = halving ? new() { Factor = 2 } : null };
        using TemporaryFolder whole = new(), parts = new();
        using var expected = _ml.PaT().Experiment(settings with { Folder = whole.Name }).Execute(data);
        // Canceled at the second epoch of each start, in the middle of a trial or just where it would pause; within an
        // epoch, runs have tests of their own.
        var stops = 0;
        for (var start = 0; start < 3; start++)
        {
            using var cancel = new CancellationTokenSource();
            var epochs = 0;
            var watch = IRunObserver.Of(happened =>
            {
                if (happened is EpochEnded && ++epochs == 2) cancel.Cancel();
            });
            using var some = _ml.PaT()
                .Experiment(
                    settings with
                    {
                        Folder = parts.Name,
                        CancellationToken = cancel.Token,
                        Options = settings.Options with { Observers = [watch] },
                    })
                .Execute(data);
            stops += cancel.IsCancellationRequested ? 1 : 0;
        }
        Assert.That(stops, Is.EqualTo(3), "the test interrupts");
        using var resumed = _ml.PaT().Experiment(settings with { Folder = parts.Name }).Execute(data);
        Assert.That(resumed.RunDetails.Select(Text), Is.EqualTo(expected.RunDetails.Select(Text)));
        Assert.That(
            TinyRun.Hash(resumed.BestRun!.Model.Model), Is.EqualTo(TinyRun.Hash(expected.BestRun!.Model.Model)));

        static string Text(PruningTrial t) =>
            $"{t.Number} {t.Id} {t.State} {t.Epochs} {t.Accuracy} {t.Macs} {t.Parameters}";
    }

    [Test]
    public void Folds_hold_every_image_out_once()
    {
        using TemporaryFolder folder = new(), logs = new();
        var settings = s_settings with
        {
            Folds = 3,
            Space = new() { Ratio = SearchAxis.Of(0.5) },
            Options = s_settings.Options with { TensorBoardFolder = logs.Name },
        };
        using var result = _ml.PaT().Experiment(settings with { Folder = folder.Name }).Execute(Keyed(30));
        var trial = result.BestRun!;
        var models = Enumerable.Range(1, 3).Select(i =>
        {
            using var file = File.OpenRead(Path.Combine(folder.Name, trial.Id, $"fold-{i}", "model.pat"));
            var (classifier, report) = ModelArchive.Load(file);
            classifier.Dispose();
            return report;
        }).ToList();
        Assert.That(models.Select(m => (m.Images.Training, m.Images.Validation)), Is.All.EqualTo((20, 10)));
        Assert.That(trial.Accuracy, Is.EqualTo(models.Average(m => m.Epochs[^1].Accuracy)).Within(1e-12));
        Assert.That(trial.Model.Report.Epochs[^1].Accuracy, Is.EqualTo(models.Max(m => m.Epochs[^1].Accuracy)));
        Assert.That(
            Directory.GetFiles(logs.Name, "*tfevents*", SearchOption.AllDirectories),
            Has.Length.EqualTo(3),
            "logs lie apart");
        Assert.That(
            () => _ml.PaT().Experiment(settings with { Folds = 16 }).Execute(Keyed(30)),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("fewer than the 16 folds"));
    }

    [Test]
    public void A_trial_that_diverges_is_recorded_and_the_others_go_on()
    {
        var settings = s_settings with { Space = new() { LearningRate = SearchAxis.Of(1e30, 0.1) } };
        using var result = _ml.PaT().Experiment(settings).Execute(Keyed(60), Keyed(20, first: 61));
        Assert.That(
            result.RunDetails.Select(t => t.State), Is.EqualTo((TrialState[])[TrialState.Failed, TrialState.Finished]));
        Assert.That(result.RunDetails[0].Exception, Is.TypeOf<TrainingDivergedException>());
        Assert.That(result.BestRun!.Number, Is.EqualTo(2));
        Assert.That(result.BestRun.Model.Report.Images.Validation, Is.EqualTo(20));
    }

    [Test]
    public void Other_weights_at_the_same_path_are_other_trials([Values] bool onnx)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Name, onnx ? "base.onnx" : "base.safetensors");
        Export(seed: 1);
        var first = Id();
        Assert.That(Id(), Is.EqualTo(first));
        Export(seed: 2);
        Assert.That(Id(), Is.Not.EqualTo(first));

        void Export(int seed)
        {
            using var classifier = ImageClassifier.Create(
                TinyRows.Options.Network!, classes: ["left", "right"], input: new(3, TinyRows.Size, TinyRows.Size),
                seed: seed);
            if (onnx) classifier.SaveOnnx(file);
            else classifier.SaveWeights(file);
        }

        string Id()
        {
            var settings = s_settings with
            {
                Space = new() { Ratio = SearchAxis.Of(0.5) },
                Folder = Path.Combine(folder.Name, "trials"),
                Options = onnx
                    ? s_settings.Options with { Network = NetworkArchitecture.FromOnnx(file) }
                    : s_settings.Options with { Weights = new(file) },
            };
            using var result = _ml.PaT().Experiment(settings).Execute(Keyed(40));
            return result.RunDetails.Single().Id;
        }
    }

    [Test]
    public void A_trial_keeps_the_size_of_the_images_that_chose_its_network()
    {
        var data = TinyRows.Keyed(_ml, _ml.Data.LoadFromEnumerable(TinyRows.Encoded(40)));
        var settings = s_settings with
        {
            Options = s_settings.Options with
            {
                Network = null, Images = new() { RandomCropPadding = 0 },
                Training = s_settings.Options.Training with { Epochs = 1 },
                Pruning = new() { Policy = PruningPolicy.Never },
            },
            Space = new() { LearningRate = SearchAxis.Of(0.01) },
        };
        using var result = _ml.PaT().Experiment(settings).Execute(data);
        var trial = result.BestRun!;
        using var again = _ml.PaT().ImageClassification(trial.Options).Fit(data);
        Assert.That(again.Model.Input, Is.EqualTo(new ImageShape(3, TinyRows.Size, TinyRows.Size)));
        Assert.That(TinyRun.Hash(again.Model), Is.EqualTo(TinyRun.Hash(trial.Model.Model)));
    }

    [Test]
    public void A_budget_that_is_too_short_ends_without_a_best_run()
    {
        using var result =
            _ml.PaT().Experiment(s_settings with { TimeBudget = TimeSpan.FromTicks(1) }).Execute(Keyed(40));
        Assert.That(result.BestRun, Is.Null);
        Assert.That(result.ParetoFront(), Is.Empty);
    }

    [Test]
    public void Bad_spaces_and_taken_folders_are_refused_before_the_first_trial()
    {
        using var folder = new TemporaryFolder();
        Assert.That(
            () => _ml.PaT().Experiment(s_settings with { Space = new(), Folder = folder.Name }).Execute(Keyed(20)),
            Throws.TypeOf<InvalidOptionsException>());
        Assert.That(Directory.GetFileSystemEntries(folder.Name), Is.Empty);
        using var taken = FolderLock.Take(folder.Name);
        Assert.That(
            () => _ml.PaT().Experiment(s_settings with { Folder = folder.Name }).Execute(Keyed(20)),
            Throws.TypeOf<InvalidFileException>());
    }

    private IDataView Keyed(int count, int first = 0)
    {
        var rows = _ml.Data.LoadFromEnumerable(TinyRows.Pixels(count, first));
        return _ml.Transforms.Conversion.MapValueToKey("Label").Fit(rows).Transform(rows);
    }

    private sealed class Report(Action<PruningTrial> report) : IProgress<PruningTrial>
    {
        void IProgress<PruningTrial>.Report(PruningTrial value) => report(value);
    }
}
