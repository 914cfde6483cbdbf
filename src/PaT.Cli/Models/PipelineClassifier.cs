using Microsoft.ML.Data;

namespace PaT.Cli;

/// <summary>An ordinary ML.NET model.</summary>
internal sealed class PipelineClassifier : SavedClassifier
{
    private static readonly ImageShape s_rawShape = new(3, 32, 32);
    private readonly MLContext _ml = new();
    private readonly ITransformer _model;
    private readonly bool _takesPixels;

    /// <exception cref="InvalidInputFileException">The file has no usable image classifier.</exception>
    public PipelineClassifier(string file)
    {
        DataViewSchema input;
        try
        {
            _model = _ml.Model.Load(file, out input);
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or InvalidOperationException)
        {
            throw new InvalidInputFileException(
                $"{file} is not a model of ML.NET, or it is damaged ({OneLine.Of(e.Message)}): give the model.zip or "
                    + "model.pat that train or quickstart wrote", e);
        }

        var output = _model.GetOutputSchema(input);
        var image = input.GetColumnOrNull("Image")?.Type as VectorDataViewType;
        if (image?.ItemType.RawType != typeof(byte) || output.GetColumnOrNull("Score") is null)
        {
            throw new InvalidInputFileException(
                $"{file} does not score a column 'Image' of bytes into 'Score', as the models of train and quickstart "
                    + "do: load it in an application");
        }
        _takesPixels = image.IsKnownSize;
        Classes = ClassesOf(output) ?? throw new InvalidInputFileException($"{file} does not name its classes");
    }

    public override IReadOnlyList<string> Classes { get; }

    public override IEnumerable<float[]> Score(IEnumerable<byte[]> files) => _takesPixels
        ? ScorePixels(files.Select(content => ImageDecoder.Decode(content, s_rawShape)))
        : Scores(files.Select(content => new ImageRow { Image = Readable(content) }));

    public override IEnumerable<float[]> ScorePixels(IEnumerable<byte[]> pixels) => _takesPixels
        ? Scores(pixels.Select(p => new PixelRow { Image = p }))
        : throw new InvalidInputFileException(
            "the model was trained on encoded images, and these are raw pixels: evaluate its archive (model.pat) "
            + "instead");

    public override void Dispose() => (_model as IDisposable)?.Dispose();

    private IEnumerable<float[]> Scores<TRow>(IEnumerable<TRow> rows)
        where TRow : class
    {
        using var engine = _ml.Model.CreatePredictionEngine<TRow, Prediction>(_model);
        foreach (var row in rows) yield return engine.Predict(row).Score;
    }

    // Decoding first gives the same error for all kinds of models.
    private static byte[] Readable(byte[] file)
    {
        ImageDecoder.Decode(file, new ImageShape(3, 1, 1));
        return file;
    }

    // The key column may be hidden by a text column of the same name.
    private static IReadOnlyList<string>? ClassesOf(DataViewSchema schema)
    {
        foreach (var column in schema)
        {
            var isLabel = column.Name is "Label" or "PredictedLabel" && column.Type is KeyDataViewType;
            if (!isLabel || !column.HasKeyValues()) continue;
            VBuffer<ReadOnlyMemory<char>> names = default;
            column.GetKeyValues(ref names);
            return [.. names.DenseValues().Select(n => n.ToString())];
        }
        return null;
    }
}
