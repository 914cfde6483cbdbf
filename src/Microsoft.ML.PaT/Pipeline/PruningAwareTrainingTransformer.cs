using Microsoft.ML.Data;
using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Pipeline;
using Microsoft.ML.PaT.Serving;

namespace Microsoft.ML.PaT;

/// <summary>
/// A trained, compact image classifier as an ML.NET transformer. Adds the columns <c>PredictedLabel</c> and
/// <c>Score</c>.
/// </summary>
/// <remarks>
/// Owns <see cref="Model"/>; disposing the transformer, or a chain that contains it, frees the model. Scoring is
/// thread-safe, runs on the CPU, and is lazy: <see cref="Transform"/> computes nothing until its result is read, and
/// then a batch of rows at a time. Labels that are not in the training data: <c>Evaluate</c> counts a key beyond the
/// known ones as wrong and skips a missing one, which a <c>MapValueToKey</c> fitted on the training data returns for
/// such a label. To count them, fit <c>MapValueToKey</c> on data with all labels.
/// </remarks>
public sealed class PruningAwareTrainingTransformer : ISingleFeaturePredictionTransformer<ImageClassifier>, IDisposable
{
    private readonly PruningAwareTrainingOptions _options;
    private readonly LabelValues _labels;
    private readonly ImageColumnFormat _format;

    internal PruningAwareTrainingTransformer(
        PruningAwareTrainingOptions options,
        ImageClassifier model,
        RunReport report,
        LabelValues labels,
        ScoringSchema trainedOn)
        : this(options, model, report, labels, trainedOn.Format, trainedOn.Image.Type) { }

    private PruningAwareTrainingTransformer(
        PruningAwareTrainingOptions options,
        ImageClassifier model,
        RunReport report,
        LabelValues labels,
        ImageColumnFormat format,
        DataViewType imageType)
    {
        (_options, _labels, _format) = (options, labels, format);
        Model = model;
        Report = report;
        FeatureColumnType = imageType;
    }

    /// <summary>The compact classifier, which can be used without ML.NET.</summary>
    public ImageClassifier Model { get; }

    /// <summary>Report of the training run.</summary>
    public RunReport Report { get; }

    /// <summary>
    /// Channels that the last pruning kept, numbered in the network before it: after a run the dense network, for
    /// <see cref="PruningOptions.Plan"/> of another run; after <see cref="PaTCatalog.Prune"/> the given model's. Null
    /// if nothing was pruned.
    /// </summary>
    public PruningPlan? Plan { get; internal init; }

    /// <summary>Name of the image column.</summary>
    public string FeatureColumnName => _options.ImageColumnName;

    /// <summary>Type of the image column in training.</summary>
    public DataViewType FeatureColumnType { get; }

    internal PruningAwareTrainingOptions Options => _options;

    /// <summary>Classes in the order of the training keys.</summary>
    internal LabelValues Labels => _labels;

    /// <summary>Format of the image column in training.</summary>
    internal ImageColumnFormat Format => _format;

    /// <summary>Returns a transformer with another classifier for the same images and classes, which it owns.</summary>
    internal PruningAwareTrainingTransformer With(ImageClassifier model, PruningPlan plan) =>
        new(_options, model, Report, _labels, _format, FeatureColumnType) { Plan = plan };

    bool ITransformer.IsRowToRowMapper => true;

    /// <summary>Returns the schema after scoring.</summary>
    /// <param name="inputSchema">The schema before scoring.</param>
    /// <exception cref="InvalidImageDataException">The image column is missing or has the wrong type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Schema(inputSchema).Output;

    /// <summary>Adds the score columns, which are computed when the result is read.</summary>
    /// <param name="input">The data to score.</param>
    /// <exception cref="InvalidImageDataException">The image column is missing or has the wrong type.</exception>
    /// <remarks>
    /// ML.NET's <c>ConvertToOnnx</c> on the result throws <see cref="InvalidOptionsException"/>. <see cref="SaveOnnx"/>
    /// writes the network.
    /// </remarks>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return OnnxConversionGuard.Over(new ScoredDataView(input, Schema(input.Schema), Model), input);
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) =>
        new ScoringRowMapper(Schema(inputSchema), Model);

    /// <summary>Scores labeled images that were not used in training and adds the result to the run's report.</summary>
    /// <param name="data">Rows with the image and the label column of training. A text column with the name
    /// <c>name</c>, or whose name contains <c>path</c> or <c>file</c>, names the images that are classified
    /// worst.</param>
    /// <returns><see cref="Report"/> with <see cref="RunReport.Test"/> and
    /// <see cref="RunReport.Classification"/>.</returns>
    /// <exception cref="InvalidImageDataException">A column is missing or of the wrong type, there are no rows, an
    /// image cannot be read, or a label is none of the training classes.</exception>
    public RunReport Evaluate(IDataView data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return TestEvaluation.Of(this, data);
    }

    /// <summary>Writes the native archive, <c>.pat</c>: network, weights, classes, normalization and report.</summary>
    /// <param name="path">Path of the file. An existing file is replaced when the new one is complete.</param>
    /// <exception cref="IOException">The file cannot be written; an existing file is unchanged.</exception>
    public void SaveArchive(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        AtomicFile.Write(path, SaveArchive);
    }

    /// <summary>Writes the native archive, <c>.pat</c>: network, weights, classes, normalization and report.</summary>
    /// <param name="stream">Stream to write to; not closed.</param>
    public void SaveArchive(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ModelArchive.Save(stream, Model, Report);
    }

    /// <summary>
    /// Writes the compact classifier as an ONNX model: <c>input</c> [N,C,H,W], planar RGB, to <c>scores</c>
    /// [N,classes].
    /// </summary>
    /// <param name="path">Path of the file. An existing file is replaced when the new one is complete.</param>
    /// <param name="options">Export options; null for the defaults.</param>
    /// <exception cref="IOException">The file cannot be written; an existing file is unchanged.</exception>
    /// <exception cref="InvalidFileException">The model has 2 GB or more.</exception>
    public void SaveOnnx(string path, OnnxExportOptions? options = null) => Model.SaveOnnx(path, options);

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        var chain = SavedChain.Of(_options, _format, _labels, Model, Report);
        ((ICanSaveModel)chain).Save(ctx);
    }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();

    private ScoringSchema Schema(DataViewSchema input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new(input, _options, Model.Input, _labels);
    }
}
