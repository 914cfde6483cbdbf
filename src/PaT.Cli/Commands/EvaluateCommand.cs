using System.CommandLine;

namespace PaT.Cli;

/// <summary><c>pat evaluate</c>: loads a saved model as any application does and scores labeled images with it.</summary>
internal static class EvaluateCommand
{
    private static readonly Option<string> Model = new("--model") { Description = "The saved model: model.zip, or a native archive (.pat)", HelpName = "FILE", Required = true };
    private static readonly Option<string?> Data = new("--data") { Description = "The images: class folders, all of which are scored, or test/CLASS, an archive of these, or a .csv or .tsv of paths and labels", HelpName = "PATH" };
    private static readonly Option<bool> HeldOut = new("--held-out") { Description = "Score only the images that train holds out where there is no test part" };

    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var command = new Command("evaluate", "Load a saved model, score labeled images, and print the metrics as one line of JSON: accuracy, macroAccuracy, logLoss, and images, recall and precision of each class.") { Model, Data, HeldOut };
        command.SetAction((parsed, cancellation) =>
        {
            var io = parsed.InvocationConfiguration;
            return RunAsync(parsed.GetRequiredValue(Model), parsed.GetValue(Data), parsed.GetValue(HeldOut), io.Output, io.Error, cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(string file, string? data, bool heldOut, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        using var model = SavedClassifier.Load(file);
        var sources = new ImageSources(error.WriteLine);
        var set = heldOut ? await sources.FindAsync(data, cancellation) : await sources.FindAsGivenAsync(data, cancellation);
        var (part, given) = set.ForEvaluation();
        if (given.Count == 0)
        {
            throw new InvalidImageDataException($"no images in {set.Origin}: give class folders, test/CLASS, or a .csv or .tsv with paths and labels");
        }

        var test = ReadableImages.Of(set, given, new PruningAwareTrainingOptions().MaxUnreadableFraction, error.WriteLine, cancellation);
        var contents = test.Select(p =>
        {
            cancellation.ThrowIfCancellationRequested();
            return p.Read();
        });
        var scores = set.Encoded ? model.Score(contents) : model.ScorePixels(contents);
        var metrics = ClassificationMetrics.Of(model.Classes, test.Zip(scores, (image, s) => (image.Label, s)));
        error.WriteLine(FormattableString.Invariant($"{file}: {metrics.Accuracy:0.0#%} of {test.Count:N0} {part} images of {set.Name} classified correctly"));
        output.WriteLine(JsonLine.Of(metrics));
        return 0;
    }
}
