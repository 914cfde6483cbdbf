using Microsoft.ML.Data;

namespace PaT.Cli;

/// <summary>An ordinary ML.NET model, used as any application would.</summary>
internal sealed class PipelineClassifier : SavedClassifier
{
    private static readonly ImageShape RawShape = new(3, 32, 32);
    private readonly MLContext _ml = new();
    private readonly ITransformer _model;
    private readonly bool _takesPixels;

    /// <summary>Loads a model.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="InvalidInputFileException">It is no model of an image classifier that the commands can feed.</exception>
    public PipelineClassifier(string file)
    {
        DataViewSchema input;
        try
        {
            _model = _ml.Model.Load(file, out input);
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or InvalidOperationException)
        {
            throw new InvalidInputFileException($"{file} is no model of ML.NET, or it is damaged: {e.Message}", e);
        }

        var output = _model.GetOutputSchema(input);
        if (input.GetColumnOrNull("Image") is not { Type: VectorDataViewType { ItemType.RawType: var item } vector } || item != typeof(byte) || output.GetColumnOrNull("Score") is null)
        {
            throw new InvalidInputFileException($"{file} does not score a column 'Image' of bytes into 'Score', as the models of train and quickstart do: load it in an application of yours");
        }

        _takesPixels = vector.IsKnownSize;
        Classes = ClassesOf(output) ?? throw new InvalidInputFileException($"{file} does not say what its classes are called");
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public override IEnumerable<float[]> Score(IEnumerable<byte[]> files) => _takesPixels
        ? ScorePixels(files.Select(f => ImageDecoder.Decode(f, RawShape)))
        : Scores(files.Select(f => new ImageRow { Image = Readable(f) }));

    /// <inheritdoc/>
    public override IEnumerable<float[]> ScorePixels(IEnumerable<byte[]> pixels) => _takesPixels
        ? Scores(pixels.Select(p => new PixelRow { Image = p }))
        : throw new InvalidInputFileException("the model was trained on encoded images, and these are raw pixels: evaluate its archive (model.pat) instead");

    /// <inheritdoc/>
    public override void Dispose() => (_model as IDisposable)?.Dispose();

    private IEnumerable<float[]> Scores<TRow>(IEnumerable<TRow> rows)
        where TRow : class
    {
        using var engine = _ml.Model.CreatePredictionEngine<TRow, Prediction>(_model);
        foreach (var row in rows)
        {
            yield return engine.Predict(row).Score;
        }
    }

    /// <summary>Decodes once more beforehand, so that what is wrong is said in the same words whatever the model.</summary>
    private static byte[] Readable(byte[] file)
    {
        ImageDecoder.Decode(file, new ImageShape(3, 1, 1));
        return file;
    }

    /// <summary>The key values of the column that labels or predictions became; the model hides it behind their names.</summary>
    private static IReadOnlyList<string>? ClassesOf(DataViewSchema schema)
    {
        foreach (var column in schema.Where(c => c.Name is "Label" or "PredictedLabel" && c.Type is KeyDataViewType && c.HasKeyValues()))
        {
            VBuffer<ReadOnlyMemory<char>> names = default;
            column.GetKeyValues(ref names);
            return [.. names.DenseValues().Select(n => n.ToString())];
        }

        return null;
    }
}
