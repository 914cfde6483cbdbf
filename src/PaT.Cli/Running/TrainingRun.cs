using Microsoft.ML.Data;

namespace PaT.Cli;

/// <summary>One run through an ML.NET pipeline: labels to keys, the classifier, predicted keys to labels.</summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly MLContext _ml;
    private readonly LabeledImages _set;
    private readonly DataSplit _split;
    private readonly DataViewSchema _schema;
    private readonly TransformerChain<ITransformer> _model;

    private TrainingRun(
        MLContext ml, LabeledImages set, DataSplit split, DataViewSchema schema, TransformerChain<ITransformer> model,
        RunReport report)
    {
        (_ml, _set, _split, _schema, _model) = (ml, set, split, schema, model);
        Report = report;
    }

    /// <summary>The report of the run.</summary>
    public RunReport Report { get; private set; }

    /// <summary>The recipe of the run, with everything that the run chose.</summary>
    public required TrainingRecipe Recipe { get; init; }

    /// <summary>The channels of the dense network that were kept; null if nothing was pruned.</summary>
    public PruningPlan? Plan { get; private init; }

    /// <summary>Trains and shows the progress.</summary>
    public static TrainingRun Watch(
        LabeledImages set, DataSplit split, RunSettings settings, string title, TextWriter error,
        CancellationToken cancellation) => ProgressView.Watch(error, title, settings.CommandLine, observer => Fit(
            set, split, settings.Options with { Observers = [observer], CancellationToken = cancellation }));

    /// <summary>Trains, on a GPU if there is one and the options do not choose a device.</summary>
    public static TrainingRun Fit(LabeledImages set, DataSplit split, PruningAwareTrainingOptions options)
    {
        var ml = new MLContext(options.Seed);
        if (options.Device == ComputeDevice.Automatic) (ml.GpuDeviceId, ml.FallbackToCpu) = (0, true);
        var train = ImageRows.View(ml, set.Encoded, split.Train);
        var validation = ImageRows.View(ml, set.Encoded, split.Validation);
        var keys = ImageRows.ToKeys(ml, set.Classes).Fit(train);
        var classifier = ml.PaT().ImageClassification(options).Fit(keys.Transform(train), keys.Transform(validation));
        var labels = ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")
            .Fit(classifier.Transform(keys.Transform(train)));
        var report = classifier.Report with { Dataset = set.Name };
        return new(ml, set, split, train.Schema, new TransformerChain<ITransformer>(keys, classifier, labels), report)
        {
            Plan = classifier.Plan, Recipe = TrainingRecipe.FromJson(report.Recipe),
        };
    }

    /// <summary>Whether a report is that of this run: of the same recipe, and with the same epochs.</summary>
    public bool Is(RunReport report) => report.Epochs.SequenceEqual(Report.Epochs)
        && TrainingRecipe.FromJson(report.Recipe).Hash == Recipe.Hash;

    /// <summary>Scores the test images and adds the result to the report.</summary>
    /// <param name="say">Receives a line.</param>
    public void Evaluate(Action<string> say)
    {
        say($"  testing with {_split.Test.Count:N0} images");
        var keys = _model.First();
        var tested = Classifier.Evaluate(keys.Transform(ImageRows.View(_ml, _set.Encoded, _split.Test)));
        Report = tested with { Dataset = Report.Dataset };
    }

    /// <summary>Writes an ordinary ML.NET model; the file appears when it is complete.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void SaveModel(string path) => AtomicFile.Write(path, file => _ml.Model.Save(_model, _schema, file));

    /// <summary>Writes the native archive.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void SaveArchive(string path) => Classifier.SaveArchive(path);

    /// <summary>Writes an ONNX model.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void SaveOnnx(string path) => Classifier.SaveOnnx(path);

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    private PruningAwareTrainingTransformer Classifier => _model.OfType<PruningAwareTrainingTransformer>().Single();
}
