using Microsoft.ML.Data;
using Microsoft.ML.PaT.Experiments;
using Microsoft.ML.PaT.Pruning.Scoring;
using TorchSharp;

namespace PaT.Cli.Tests;

/// <summary>
/// The code of the pages in docs/guide, so that it compiles; a page's blocks are a method's body, in order.
/// <see cref="DocsTests"/> compares.
/// </summary>
internal static class GuideCode
{
    public static (IDisposable, MulticlassClassificationMetrics) Train()
    {
        var ml = new MLContext(seed: 1);
        var images = ImageFolder.Read("images");
        Console.WriteLine(images);                                       // what was found, and what was left out
        var split = ml.Data.TrainTestSplit(ml.Data.LoadFromEnumerable(images.Training), testFraction: 0.2);
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.PaT().ImageClassification(new PruningAwareTrainingOptions
            {
                Network = Networks.ByName("resnet18"),
                Images = new() { Height = 128, Width = 128 },
                Training = new() { Epochs = 30, BatchSize = 64, LearningRate = 0.1 },
            }))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        var model = pipeline.Fit(split.TrainSet);
        var metrics = ml.MulticlassClassification.Evaluate(model.Transform(split.TestSet));

        ml.Log += (_, e) =>
        {
            if (e.Source.StartsWith("PruningAwareTraining", StringComparison.Ordinal)) Console.WriteLine(e.RawMessage);
        };
        return (model, metrics);
    }

    public static PruningAwareTrainingOptions Recipe()
    {
        var recipe = RecipePresets.Cifar with { Seed = 2 };
        recipe.Write("recipe.json");

        var again = TrainingRecipe.Read("recipe.json")
            .With("training.mixup", "0.2")
            .With("pruning.policy", "epoch:10")
            .With("pruning.target.macs", "0.6");
        var options = new PruningAwareTrainingOptions(again) { Device = ComputeDevice.Cpu, Threads = 2 };
        return options;
    }

    public static PruningOptions Target()
    {
        var pruning = new PruningOptions
        {
            Target = PruningTarget.Macs(0.6),
            Limits = new() { Exclude = ["conv1", "layer4*"], MinChannels = 8, MaxRatio = 0.8 },
            RoundTo = 8,
        };
        return pruning;
    }

    public static PruningOptions WhenToPrune()
    {
        var policies = new PruningOptions
        {
            Policy = PruningPolicy.EarlyPruningIndicator(deadline: 0.25),
            Criterion = Importance.Taylor,
        };
        return policies;
    }

    public static (PruningAwareTrainingOptions, PruningOptions) FineTune()
    {
        var tuned = new PruningAwareTrainingOptions
        {
            Network = Networks.ByName("resnet18"),
            Weights = new("resnet18.safetensors") { ResetClassifier = true },
            Images = new() { Normalization = Normalization.ImageNet },
            Training = new() { Epochs = 10, LearningRate = 0.02 },
        };

        var afterwards = new PruningOptions
        {
            Policy = PruningPolicy.AfterTraining,
            Target = PruningTarget.Channels(0.5),
            Retraining = new() { Schedule = RetrainingSchedule.CyclicRestarting, Epochs = 10 },
        };
        return (tuned, afterwards);
    }

    public static void ExportToOnnx(
        PruningAwareTrainingTransformer transformer, ImageClassifier classifier, byte[] images)
    {
        transformer.SaveOnnx("model.onnx");                                        // PruningAwareTrainingTransformer
        classifier.SaveOnnx("model.onnx", new() { Input = OnnxInput.Floats });     // ImageClassifier

        classifier.SaveOnnx("model.int8.onnx", new() { CalibrationImages = images });   // bytes, [n,3,H,W]
    }

    public static PruningAwareTrainingOptions OnnxImport()
    {
        var options = new PruningAwareTrainingOptions
        {
            Network = NetworkArchitecture.FromOnnx("model.onnx"),      // with its weights
            Pruning = new() { Target = PruningTarget.Channels(0.5) },
        };
        return options;
    }

    public static (PruningAwareTrainingOptions, CancellationTokenSource) StopAndResume()
    {
        var stop = new CancellationTokenSource();
        var watched = new PruningAwareTrainingOptions
        {
            Checkpoints = new() { Folder = "runs/mine/checkpoints", Resume = true },
            CancellationToken = stop.Token,
            Observers = [IRunObserver.Of(happened => Console.WriteLine(happened.Text))],
            Training = new() { Epochs = 60, Patience = 10 },
        };
        return (watched, stop);
    }

    public static IRunObserver Shown()
    {
        var shown = IRunObserver.Of(happened =>
        {
            if (happened is StepProgressed step)
                Console.Write($"\r{step.Fraction:P0}, {step.ImagesPerSecond:F0} images/s, {step.Remaining} left");
            else if (happened.Severity == RunEventSeverity.Warning) Console.Error.WriteLine(happened.Text);
        });
        return shown;
    }

    public static void Score()
    {
        var context = new MLContext();
        var loaded = context.Model.Load("model.zip", out _);
        using var engine = context.Model.CreatePredictionEngine<ImageRow, Prediction>(loaded);
        var prediction = engine.Predict(new ImageRow { Image = File.ReadAllBytes("cat.jpg") });
        Console.WriteLine($"{prediction.PredictedLabel}: {prediction.Score.Max():P0}");

        using var classifier = ImageClassifier.Load("model.pat");
        var cat = classifier.Predict("cat.jpg");                             // or bytes, or a stream
        Console.WriteLine($"{cat.Label}: {cat.Score:P0}");
    }

    public static void WithoutMlNet()
    {
        using var training = ImageDataset.FromFolder("images", new(3, 32, 32));
        using var result = PruningTrainer.Train(training, new()
        {
            Network = Networks.ResNet20,
            Pruning = new() { Target = PruningTarget.Channels(0.5) },
            Training = new() { Epochs = 30 },
        });
        result.Report.WriteJson("report.json");
        result.Classifier.SaveOnnx("compact.onnx");
        Console.WriteLine(result.Classifier.Predict("cat.jpg").Label);
    }

    public static PruningAwareTrainingTransformer PruneTrained(
        MLContext ml, PruningAwareTrainingTransformer transformer, IDataView data)
    {
        using var trained = ImageClassifier.Load("model.pat");
        using var smaller =
            trained.Prune(new() { Target = PruningTarget.Channels(0.3), Criterion = Importance.Magnitude });
        smaller.SaveOnnx("smaller.onnx");

        var pruned = ml.PaT().Prune(transformer, new() { Target = PruningTarget.Macs(0.5) }, data);
        return pruned;
    }

    public static void SaveAll<TLast>(MLContext ml, TransformerChain<TLast> model, IDataView data)
        where TLast : class, ITransformer
    {
        ml.Model.Save(model, data.Schema, "model.zip");
        var transformer = model.OfType<PruningAwareTrainingTransformer>().Single();
        transformer.SaveArchive("model.pat");
        transformer.SaveOnnx("compact.onnx");
        transformer.Model.SaveWeights("compact.safetensors");
        transformer.Report.WriteJson("report.json");
    }

    public static void ExportLater(MLContext ml, IDataView data)
    {
        using var transformer = ml.PaT().LoadArchive("model.pat", data.Schema);
        Console.WriteLine(transformer.Report.PruneReason);
        transformer.SaveOnnx("later.onnx");
    }

    public static void SavePipeline(
        MLContext ml, TransformerChain<PruningAwareTrainingTransformer> model, IDataView data, string file)
    {
        var pipeline = ml.Transforms.LoadImages("Image", null, "ImagePath")
            .Append(model.LastTransformer.ToOnnxEstimator(ml))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        ml.Model.Save(pipeline.Fit(data), data.Schema, file);
    }

    public static void Tell(PruningAwareTrainingTransformer transformer, IDataView testData)
    {
        var report = transformer.Evaluate(testData);
        Console.WriteLine($"{report.Test?.Accuracy:P1} of {report.Test?.Count} test images");
        Console.WriteLine(
            $"{report.PruneReason} {report.Dense.Parameters:N0} -> {report.Compact?.Parameters:N0} parameters");
        HtmlReport.Write(report, "report.html");
    }

    public static NetworkArchitecture OwnNetwork()
    {
        var small = new NetworkArchitecture("small", new(3, 64, 64), (input, classes) =>
        {
            var net = new NetworkBuilder("small", input);
            var x = NetworkDefinition.InputName;
            foreach (var (name, channels) in new[] { ("one", 32), ("two", 64), ("three", 128) })
            {
                x = net.Relu(
                    $"{name}.relu",
                    net.BatchNorm($"{name}.bn", net.Convolution($"{name}.conv", x, channels, kernel: 3)));
                x = net.MaxPool($"{name}.pool", x, kernel: 2, stride: 2);
            }
            net.Linear("classifier", net.GlobalAveragePool("mean", x), classes);
            return net.Build();
        });
        return small;
    }

    public static void Sweep(IDataView train, IDataView validation)
    {
        var ml = new MLContext(seed: 1);
        using var result = ml.PaT().Experiment(new PruningExperimentSettings
        {
            Options = new() { Training = new() { Epochs = 30 } },                     // what all trials share
            Space = new()                                                             // what varies
            {
                Ratio        = SearchAxis.Between(0.3, 0.8),
                LearningRate = SearchAxis.LogBetween(0.05, 0.5),
                Criterion    = SearchAxis.Of(Importance.Taylor, Importance.Magnitude),
            },
            Strategy   = SearchStrategy.Bayesian(trials: 30),
            TimeBudget = TimeSpan.FromHours(8),
            Folder     = "runs/sweep",
        }).Execute(train, validation);

        Console.WriteLine(result.BestRun); // the most accurate
        var small = result.BestUnder(latency: 2.0); // the most accurate of at most 2 ms; also macs:, parameters:
        ml.Model.Save(small!.Model, train.Schema, "model.zip");                       // an ordinary transformer
        foreach (var run in result.ParetoFront(TrialCost.Latency)) Console.WriteLine($"{run} {run.LatencyMs:F2} ms");
    }

    public static void Catch(IEstimator<ITransformer> pipeline, IDataView train)
    {
        try
        {
            var model = pipeline.Fit(train);
        }
        catch (PaTException e) when (e.Code == ErrorCodes.TooManyUnreadable)
        {
            Console.Error.WriteLine(e.Message);
        }
    }

    public static PruningExperimentSettings Halve() => new()
    {
        Halving = new() { FirstEpochs = 3, Factor = 3 },
    };
}

/// <summary>The criterion of docs/guide/own-criterion.md.</summary>
internal sealed record L1 : Importance
{
    public override string Name => "my-l1";

    public override torch.Tensor Score(ImportanceContext context) =>
        context.FromFilters(weight => context.Parameters[weight].abs().flatten(1).sum(1));
}
