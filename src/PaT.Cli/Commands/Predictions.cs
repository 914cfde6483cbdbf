using Spectre.Console;

namespace PaT.Cli;

/// <summary>Loads a saved model as any application would, and predicts a few pictures.</summary>
internal static class Predictions
{
    /// <summary>Writes a table of pictures, their labels, predictions and scores.</summary>
    /// <param name="output">Where the table goes.</param>
    /// <param name="model">The saved model.</param>
    /// <param name="encoded">Whether the pictures are encoded files rather than raw pixels.</param>
    /// <param name="pictures">The pictures.</param>
    public static void Write(TextWriter output, string model, bool encoded, IReadOnlyList<Picture> pictures)
    {
        // A context that has seen nothing of the training: what is in the file must be enough.
        var ml = new MLContext();
        var loaded = ml.Model.Load(model, out _);
        using var owned = loaded as IDisposable;
        var predictions = encoded
            ? Predict(ml, loaded, pictures.Select(PictureRows.ToPictureRow))
            : Predict(ml, loaded, pictures.Select(PictureRows.ToPixelRow));
        var table = ResultTable.Create("picture", "label", "predicted", "score", "");
        foreach (var (picture, prediction) in pictures.Zip(predictions))
        {
            table.AddRow(Markup.Escape(picture.Name), Markup.Escape(picture.Label), Markup.Escape(prediction.PredictedLabel), FormattableString.Invariant($"{prediction.Score.Max():F3}"), prediction.PredictedLabel == picture.Label ? "right" : "wrong");
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
