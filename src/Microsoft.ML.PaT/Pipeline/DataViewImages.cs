using System.Diagnostics;
using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Runs;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.PaT.Pipeline;

/// <summary>The images of a run, read from data views, with the time that it took. Owns them.</summary>
internal sealed record DataViewImages(ImageDataset Training, ImageDataset? Validation, double Seconds) : IDisposable
{
    /// <param name="loader">Reads both sets.</param>
    /// <param name="validation">The validation data; null for none.</param>
    /// <param name="channel">Receives the names of skipped images and the number of images.</param>
    /// <exception cref="InvalidImageDataException">Columns or images are invalid.</exception>
    public static DataViewImages Read(
        DataViewImageLoader loader, IDataView data, IDataView? validation, IChannel channel)
    {
        if (validation is not null) loader.RequireColumns(validation, "validation");
        var clock = Stopwatch.StartNew();
        var training = loader.Read(data, "training", weighted: true);
        try
        {
            RunLauncher.RequireTwoClasses(training);
            var held = validation is null ? null : loader.Read(validation, "validation");
            WarnOfSkipped(training, channel);
            if (held is not null) WarnOfSkipped(held, channel);
            channel.Info(
                MessageSensitivity.None,
                FormattableString.Invariant(
                    $"Read {training.Count} images of {training.Classes.Count} classes in ")
                    + FormattableString.Invariant($"{clock.Elapsed.TotalSeconds:F1} s."));
            return new(training, held, clock.Elapsed.TotalSeconds);
        }
        catch
        {
            training.Dispose();
            throw;
        }
    }

    /// <summary>Reads images that are not trained on.</summary>
    /// <param name="channel">Receives the names of skipped images.</param>
    /// <exception cref="InvalidImageDataException">Columns or images are invalid.</exception>
    public static ImageDataset ReadGiven(DataViewImageLoader loader, IDataView data, IChannel channel)
    {
        var images = loader.Read(data, "given");
        WarnOfSkipped(images, channel);
        return images;
    }

    private static void WarnOfSkipped(ImageDataset images, IChannel channel)
    {
        foreach (var name in images.Skipped.Unreadable)
            channel.Warning(MessageSensitivity.UserData, $"Skipped {name}");
    }

    public void Dispose()
    {
        Training.Dispose();
        Validation?.Dispose();
    }
}
