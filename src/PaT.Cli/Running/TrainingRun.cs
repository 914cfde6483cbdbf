using Microsoft.ML.Data;
using Microsoft.ML.PaT.Internal;
using Microsoft.ML.PaT.Reporting;

namespace PaT.Cli;

/// <summary>One run through an ML.NET pipeline: labels to keys, the pruning-aware classifier, predicted keys to labels.</summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly MLContext _ml;
    private readonly LabeledImages _set;
    private readonly DataSplit _split;
    private readonly DataViewSchema _schema;
    private readonly TransformerChain<ITransformer> _model;

    private TrainingRun(MLContext ml, LabeledImages set, DataSplit split, DataViewSchema schema, TransformerChain<ITransformer> model, RunReport report)
    {
        (_ml, _set, _split, _schema, _model) = (ml, set, split, schema, model);
        Report = report;
    }

    /// <summary>What happened.</summary>
    public RunReport Report { get; private set; }

    /// <summary>Which channels of the dense network stayed; null when nothing was pruned.</summary>
    public PruningPlan? Plan { get; private init; }

    /// <summary>Trains.</summary>
    /// <param name="set">Where the images come from.</param>
    /// <param name="split">Which of them to use.</param>
    /// <param name="options">How to train.</param>
    /// <param name="preferGpu">Whether to take a GPU where there is one and the options leave the choice.</param>
    public static TrainingRun Fit(LabeledImages set, DataSplit split, PruningAwareTrainingOptions options, bool preferGpu)
    {
        var ml = new MLContext(options.Seed);
        if (preferGpu)
        {
            (ml.GpuDeviceId, ml.FallbackToCpu) = (0, true);
        }

        var train = ImageRows.View(ml, set.Encoded, split.Train);
        var validation = ImageRows.View(ml, set.Encoded, split.Validation);
        var keys = ml.Transforms.Conversion.MapValueToKey("Label").Fit(train);
        var classifier = ml.PaT().ImageClassification(options).Fit(keys.Transform(train), keys.Transform(validation));
        var labels = ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(classifier.Transform(keys.Transform(train)));
        return new TrainingRun(ml, set, split, train.Schema, new TransformerChain<ITransformer>(keys, classifier, labels), classifier.Report with { Dataset = set.Name }) { Plan = classifier.Plan };
    }

    /// <summary>Scores the test images; the report then says how well.</summary>
    /// <param name="say">Receives a line about what happens.</param>
    public void Evaluate(Action<string> say)
    {
        say($"  testing with {_split.Test.Count:N0} images");
        var keys = _model.First();
        var tested = Classifier.Evaluate(keys.Transform(ImageRows.View(_ml, _set.Encoded, _split.Test)));
        Report = tested with { Dataset = Report.Dataset };
    }

    /// <summary>Writes the model as an ordinary ML.NET model; the file appears only when it is whole.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void SaveModel(string path) => AtomicFile.Write(path, file => _ml.Model.Save(_model, _schema, file));

    /// <summary>Writes the native archive.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void SaveArchive(string path) => Classifier.SaveArchive(path);

    /// <summary>Writes the model as an ONNX model.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void SaveOnnx(string path) => Classifier.SaveOnnx(path);

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    private PruningAwareTrainingTransformer Classifier => _model.OfType<PruningAwareTrainingTransformer>().Single();
}
