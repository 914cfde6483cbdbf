using System.CommandLine;

namespace PaT.Cli;

/// <summary><c>pat evaluate</c>: scores labeled images with a saved model.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var model = new Option<string>("--model")
        {
            Description = "The saved model: model.zip, or a native archive (.pat)", HelpName = "FILE", Required = true,
        };
        var data = new Option<string?>("--data")
        {
            Description = "The images: class folders, all of which are scored, or test/CLASS, an archive of these, or "
                + "a .csv or .tsv of paths and labels (default: $PAT_DATA)",
            HelpName = "PATH",
        };
        var heldOut = new Option<bool>("--held-out")
        {
            Description = "Score only the images that train holds out of the same --data if there is no test part",
        };
        var command = new Command(
            "evaluate",
            "Load a saved model, score labeled images, and print the metrics as one line of JSON: accuracy, "
            + "macroAccuracy, logLoss, and images, recall and precision of each class.") { model, data, heldOut };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetRequiredValue(model), parsed.GetValue(data), parsed.GetValue(heldOut),
            parsed.InvocationConfiguration, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        string file, string? data, bool heldOut, InvocationConfiguration io, CancellationToken cancellation)
    {
        using var model = SavedClassifier.Load(file);
        var sources = new ImageSources(io.Error.WriteLine);
        var set = heldOut
            ? await sources.FindOwnAsync(data, cancellation)
            : await sources.FindAsGivenAsync(data, cancellation);
        var (part, given) = set.ForEvaluation();
        if (given.Count == 0)
        {
            throw new InvalidImageDataException(CliErrorCodes.TestImagesMissing,
                $"no images in {set.Origin}: give class folders, test/CLASS, or a .csv or .tsv with paths and labels");
        }

        if (!heldOut && part == "given")
        {
            io.Error.WriteLine("there is no test part, so all images are scored: if train had the same --data, "
                + "--held-out scores only those that it held out");
        }
        var allowed = new PruningAwareTrainingOptions().MaxUnreadableFraction;
        var test = ReadableImages.Of(set, given, allowed, io.Error.WriteLine, cancellation);
        var known = model.Classes.Select(ClassificationMetrics.Normal).ToHashSet(StringComparer.Ordinal);
        if (!test.Any(image => known.Contains(ClassificationMetrics.Normal(image.Label))))
        {
            throw new InvalidImageDataException(
                ErrorCodes.LabelsInvalid,
                $"no image of {set.Name} has a class of the model ({string.Join(", ", model.Classes)}); the images' "
                    + $"classes are {string.Join(", ", test.Select(i => i.Label).Distinct().Order().Take(20))}");
        }
        var contents = test.Select(image =>
        {
            cancellation.ThrowIfCancellationRequested();
            return image.Read();
        });
        var scores = set.Encoded ? model.Score(contents) : model.ScorePixels(contents);
        var metrics = ClassificationMetrics.Of(model.Classes, test.Zip(scores, (image, s) => (image.Label, s)));
        io.Error.WriteLine(FormattableString.Invariant(
            $"{file}: {metrics.Accuracy:0.00%} of {test.Count:N0} {part} images of {set.Name} classified correctly"));
        io.Output.WriteLine(JsonLine.Of(metrics));
        return 0;
    }
}
