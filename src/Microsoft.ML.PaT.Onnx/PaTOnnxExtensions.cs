using Microsoft.ML.Data;
using Microsoft.ML.PaT;
using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Serving;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML;

/// <summary>Converts a trained image classifier to a pipeline of ML.NET's own transformers.</summary>
public static class PaTOnnxExtensions
{
    private const string Prefix =
        "PaT.", HashColumn = "PaT.Hash", NumberColumn = "PaT.Number", ResizedColumn = "PaT.Resized";
    private const string InputColumn = Prefix + OnnxExporter.InputName,
        ScoresColumn = Prefix + OnnxExporter.Scores,
        ClassColumn = Prefix + OnnxExporter.Class;

    /// <summary>
    /// Returns an estimator of ML.NET's own transformers that scores the classifier in ONNX Runtime. A saved pipeline
    /// needs neither Microsoft.ML.PaT nor libtorch.
    /// </summary>
    /// <param name="transformer">The trained classifier; it may be disposed afterwards.</param>
    /// <param name="ml">The context that creates the transformers.</param>
    /// <returns>An estimator that learns nothing when it is fitted. It adds the columns <c>Score</c> (vector of
    /// <c>Single</c>, [1,classes], without slot names) and <c>PredictedLabel</c> (key with the values of the label),
    /// under the names that the transformer uses.</returns>
    /// <remarks>
    /// The image column must have the type that it had in training. If that was encoded images, it must be
    /// <c>MLImage</c> (<c>LoadImages</c>), because no ML.NET transformer decodes bytes. ML.NET's <c>ResizeImages</c>
    /// resizes images of another size, and its pixels differ from those of this library. Images of the network's size
    /// have the same scores as with the transformer. EXIF orientation is not applied. ML.NET's transformers dispose the
    /// images that they read. Pixel vectors must be planar RGB of the network's size; floats are not rounded to bytes.
    /// </remarks>
    /// <exception cref="InvalidImageDataException">The classifier was trained on pixel vectors whose order or size
    /// differs from the network's.</exception>
    /// <exception cref="InvalidOptionsException">The network takes gray images, and the classifier was not trained on
    /// pixel vectors.</exception>
    /// <exception cref="InvalidFileException">The model has 2 GB or more.</exception>
    public static IEstimator<ITransformer> ToOnnxEstimator(
        this PruningAwareTrainingTransformer transformer, MLContext ml)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        ArgumentNullException.ThrowIfNull(ml);
        var options = transformer.Options;
        var hash = Hash(ml, transformer.Model.Classes.Count, out var numbers);
        IEstimator<ITransformer>[] steps =
        [
            .. Input(ml, transformer),
            Network(ml, transformer),
            ml.Transforms.CopyColumns(options.ScoreColumnName, ScoresColumn),
            hash,
            ml.Transforms.Conversion.MapValue(
                NumberColumn,
                numbers,
                numbers.Schema[HashColumn],
                numbers.Schema[NumberColumn],
                HashColumn),
            .. transformer.Labels.FromNumbers(ml, options.PredictedLabelColumnName, NumberColumn),
            ml.Transforms.DropColumns(InputColumn, ScoresColumn, ClassColumn, HashColumn, NumberColumn),
        ];
        return steps.Aggregate(new EstimatorChain<ITransformer>(), (chain, step) => chain.Append(step));
    }

    /// <summary>The image column as values of the model's input, planar RGB from 0 to 255.</summary>
    private static IEnumerable<IEstimator<ITransformer>> Input(
        MLContext ml, PruningAwareTrainingTransformer transformer)
    {
        var (column, format, shape) = (transformer.FeatureColumnName, transformer.Format, transformer.Model.Input);
        if (format.Kind is ImageColumnKind.BytePixels or ImageColumnKind.FloatPixels)
        {
            if (format.Channels != shape.Channels || format.IsInterleaved
                || (format.Height, format.Width) != (shape.Height, shape.Width))
            {
                throw new InvalidImageDataException(
                    ErrorCodes.ColumnTypeUnsupported,
                    $"The image column '{column}' holds pixel vectors of "
                        + $"{format.Height}x{format.Width}x{format.Channels}, "
                        + $"{(format.IsInterleaved ? "interleaved" : "planar")}; the ONNX model takes "
                        + $"planar pixels of {shape}. Train on such vectors.");
            }
            yield return ml.Transforms.CopyColumns(InputColumn, column);
            yield break;
        }
        if (shape.Channels != 3)
        {
            throw new InvalidOptionsException(
                ErrorCodes.NetworkMismatch,
                $"The network takes images of {shape}, and ML.NET's transformers give other gray values than this "
                    + "library. Train on pixel vectors of this shape, or write the network with SaveOnnx.");
        }
        var resizing = Enum.Parse<ImageResizingEstimator.ResizingKind>(format.Resizing.ToString());
        yield return ml.Transforms.ResizeImages(ResizedColumn, shape.Width, shape.Height, column, resizing);
        yield return ml.Transforms.ExtractPixels(InputColumn, ResizedColumn, outputAsFloatArray: false);
        yield return ml.Transforms.DropColumns(ResizedColumn);
    }

    /// <summary>The network: scores and the index of the highest score.</summary>
    private static IEstimator<ITransformer> Network(MLContext ml, PruningAwareTrainingTransformer transformer)
    {
        var input = transformer.Format.Kind == ImageColumnKind.FloatPixels ? OnnxInput.Floats : OnnxInput.Bytes;
        using var model = new MemoryStream();
        OnnxExporter.Write(model, transformer.Model, new() { Input = input }, Prefix);
        model.Position = 0;
        return ml.Transforms.ApplyOnnxModel([ScoresColumn, ClassColumn], [InputColumn], model);
    }

    /// <summary>
    /// Converts the class to a scalar. Outputs of <c>ApplyOnnxModel</c> are vectors; of ML.NET's transformers, only
    /// hashing converts a vector to a scalar.
    /// </summary>
    /// <param name="numbers">The hash of each class and its number, from 0.</param>
    private static HashingEstimator Hash(MLContext ml, int classes, out IDataView numbers)
    {
        var rows = ml.Data.LoadFromEnumerable(
            Enumerable.Range(0, classes).Select(c => new ClassRow { Class = [c], Number = c }).ToArray());
        for (var seed = 0u; ; seed++)
        {
            var hash = ml.Transforms.Conversion.Hash(
                new HashingEstimator.ColumnOptions(HashColumn, ClassColumn, numberOfBits: 31, seed, combine: true));
            numbers = hash.Fit(rows).Transform(rows);
            if (numbers.GetColumn<uint>(HashColumn).Distinct().Count() == classes) return hash;
        }
    }

    private sealed class ClassRow
    {
        [ColumnName(ClassColumn), VectorType(1)]
        public long[] Class { get; set; } = [];

        [ColumnName(NumberColumn)]
        public int Number { get; set; }
    }
}
