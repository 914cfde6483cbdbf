using System.CommandLine;

namespace PaT.Cli;

/// <summary><c>pat evaluate</c>: loads a saved model as any application would and scores the test images with it.</summary>
internal static class EvaluateCommand
{
    private static readonly Option<string> Model = new("--model") { Description = "The saved model: model.zip, or a native archive (.pat)", HelpName = "FILE", Required = true };
    private static readonly Option<string?> Data = new("--data") { Description = "The images, as for train; their test part is scored", HelpName = "PATH" };

    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var command = new Command("evaluate", "Load a saved model, score the test images, and print the metrics as one line of JSON: accuracy, macroAccuracy, logLoss, and images, recall and precision of each class.") { Model, Data };
        command.SetAction((parsed, cancellation) =>
        {
            var io = parsed.InvocationConfiguration;
            return RunAsync(parsed.GetRequiredValue(Model), parsed.GetValue(Data), io.Output, io.Error, cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(string file, string? data, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        using var model = SavedClassifier.Load(file);
        var set = await new ImageSources(error.WriteLine).FindAsync(data, cancellation);
        var test = ReadableImages.Of(set, set.Test, new ImageOptions().MaxUnreadableFraction, error.WriteLine, cancellation);
        var contents = test.Select(p =>
        {
            cancellation.ThrowIfCancellationRequested();
            return p.Read();
        });
        var scores = set.Encoded ? model.Score(contents) : model.ScorePixels(contents);
        var metrics = ClassificationMetrics.Of(model.Classes, test.Zip(scores, (image, s) => (image.Label, s)));
        error.WriteLine(FormattableString.Invariant($"{file}: {metrics.Accuracy:0.0#%} of {test.Count:N0} test images of {set.Name} classified correctly"));
        output.WriteLine(JsonLine.Of(metrics));
        return 0;
    }
}
