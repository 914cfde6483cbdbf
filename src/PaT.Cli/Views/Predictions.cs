using System.Globalization;
using Spectre.Console;

namespace PaT.Cli;

/// <summary>Loads a saved model in the same way as an application, and predicts a few images.</summary>
internal static class Predictions
{
    /// <summary>Writes a table of images, their labels, predictions and scores.</summary>
    /// <param name="encoded">Whether the images are encoded files rather than raw pixels.</param>
    public static void Write(TextWriter output, string model, bool encoded, IReadOnlyList<Image> images)
    {
        // A new context, because an application has only the file.
        var ml = new MLContext();
        var loaded = ml.Model.Load(model, out _);
        using var owned = loaded as IDisposable;
        var predictions = encoded
            ? Predict(ml, loaded, images.Select(ImageRows.ToImageRow))
            : Predict(ml, loaded, images.Select(ImageRows.ToPixelRow));
        var table = ResultTable.Create("image", "label", "predicted", "score", "");
        foreach (var (image, prediction) in images.Zip(predictions))
        {
            var score = prediction.Score.Max().ToString("F3", CultureInfo.InvariantCulture);
            var verdict = prediction.PredictedLabel == image.Label ? "right" : "wrong";
            string[] cells = [image.Name, image.Label, prediction.PredictedLabel, score, verdict];
            table.AddRow([.. cells.Select(Markup.Escape)]);
        }

        ResultTable.Write(output, table);
    }

    private static List<Prediction> Predict<TRow>(MLContext ml, ITransformer model, IEnumerable<TRow> rows)
        where TRow : class
    {
        using var engine = ml.Model.CreatePredictionEngine<TRow, Prediction>(model);
        return [.. rows.Select(engine.Predict)];
    }
}
