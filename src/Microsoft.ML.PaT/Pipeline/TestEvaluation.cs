using Microsoft.ML.Data;
using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Data;

namespace Microsoft.ML.PaT.Pipeline;

internal static class TestEvaluation
{
    public static RunReport Of(PruningAwareTrainingTransformer transformer, IDataView data)
    {
        var (options, shape, classes) = (transformer.Options, transformer.Model.Input, transformer.Labels);
        var scored = transformer.Transform(data);
        var label = Columns.Find(scored.Schema, options.LabelColumnName, "label");
        var image = Columns.Find(scored.Schema, options.ImageColumnName, "image");
        var score = scored.Schema[options.ScoreColumnName];
        // The test data may hold its images in another form than the training data.
        var format = ImageColumnFormat.Of(image, shape, options.InterleavePixelColors, options.Images.Resizing);
        var name = RowNames.Column(scored.Schema);
        var (classOf, textOf) = classes.ClassesOf(label);
        var matrix = new ConfusionMatrixBuilder("test", classes.Names, shape);
        using var cursor = SequentialCursor.Open(
            scored, [label, image, score, .. name is { } n ? [n] : Array.Empty<DataViewSchema.Column>()]);
        var keyOf = LabelReader.Create(cursor, label);
        var nameOf = name is { } named ? cursor.GetGetter<ReadOnlyMemory<char>>(named) : null;
        var scoreOf = cursor.GetGetter<VBuffer<float>>(score);
        var pixels = ImageRowReader.Create(format, cursor, image, shape, slots: 1);
        ReadOnlyMemory<char> text = default;
        VBuffer<float> scores = default;
        var count = 0;
        for (; cursor.MoveNext(); count++)
        {
            var key = keyOf();
            var truth = classOf(key);
            nameOf?.Invoke(ref text);
            if (truth < 0)
            {
                throw new InvalidImageDataException(
                    ErrorCodes.LabelMissing,
                    $"Row {count}{(nameOf is null ? "" : $" ({text})")} of the test data has {textOf(key)}, which "
                        + "is not a class of the model. Remove the row, or train on such images too.");
            }
            scoreOf(ref scores);
            matrix.Add(truth, scores.GetValues(), nameOf is null ? null : text.ToString(), Pixels);
        }
        if (count == 0)
        {
            throw new InvalidImageDataException(
                ErrorCodes.NoImages,
                "The test data has no rows. Check the path or the filter of the data.");
        }
        return transformer.Report with { Test = new(matrix.Accuracy, count), Classification = matrix.Report() };

        byte[] Pixels()
        {
            var planar = new byte[shape.Size];
            pixels.Read(0);
            return pixels.Decode(0, planar) is { } error
                ? throw new InvalidImageDataException(
                    ErrorCodes.ImageUnreadable,
                    $"The image in row {count} was scored and cannot be read again: {error}. Do not change the images "
                        + "during the evaluation.")
                : planar;
        }
    }
}
