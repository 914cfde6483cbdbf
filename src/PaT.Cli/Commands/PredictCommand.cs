using System.CommandLine;

namespace PaT.Cli;

/// <summary><c>pat predict</c>: what a saved model takes images for, a line of JSON each.</summary>
internal static class PredictCommand
{
    private static readonly Option<string> Model = new("--model") { Description = "The saved model: model.zip, or a native archive (.pat)", HelpName = "FILE", Required = true };
    private static readonly Argument<string[]> Images = new("IMAGE") { Description = $"Images: {ImageFiles.Formats}", Arity = ArgumentArity.OneOrMore };

    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var command = new Command("predict", "Print a line of JSON for each image, in the order given: file, label, score, and the scores of all classes in training-key order. Images that cannot be read are named on standard error, the others go on, and the exit code is 1.") { Model, Images };
        command.SetAction((parsed, cancellation) =>
        {
            var io = parsed.InvocationConfiguration;
            return Task.FromResult(Run(parsed.GetRequiredValue(Model), parsed.GetRequiredValue(Images), io.Output, io.Error, cancellation));
        });
        return command;
    }

    private static int Run(string model, string[] files, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        using var classifier = SavedClassifier.Load(model);
        var exitCode = 0;
        foreach (var file in files)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                var scores = classifier.Score([File.ReadAllBytes(file)]).Single();
                var best = Array.IndexOf(scores, scores.Max());
                output.WriteLine(JsonLine.Of(new { file, label = classifier.Classes[best], score = scores[best], scores }));
            }
            catch (Exception e) when (e is InvalidImageDataException or IOException or UnauthorizedAccessException)
            {
                error.WriteLine($"error: {file}: {OneLine.Of(e)}");
                exitCode = 1;
            }
        }

        return exitCode;
    }
}
