using System.CommandLine;

namespace PaT.Cli;

/// <summary><c>pat predict</c>: the predictions of a saved model, one line of JSON per image.</summary>
internal static class PredictCommand
{
    public static Command Create()
    {
        var model = new Option<string>("--model")
        {
            Description = "The saved model: model.zip, or a native archive (.pat)", HelpName = "FILE", Required = true,
        };
        var images = new Argument<string[]>("IMAGE")
        {
            Description = $"Images: {ImageDecoder.Formats}", Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command(
            "predict",
            "Print a line of JSON for each image, in the order given: file, label, score, and the scores of all "
            + "classes with their names, in training-key order. Scores are probabilities. Unreadable images are named "
            + "on standard error, and the exit code is then 1.")
        {
            model, images,
        };
        images.Validators.Add(result =>
        {
            // A mistyped option, which the parser takes for an image.
            foreach (var token in result.Tokens.Where(t => t.Value.StartsWith("--", StringComparison.Ordinal)))
                result.AddError(PatCommandLine.HasNo(command, token.Value));
        });
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(
            parsed.GetRequiredValue(model), parsed.GetRequiredValue(images), parsed.InvocationConfiguration,
            cancellation)));
        return command;
    }

    private static int Run(string model, string[] files, InvocationConfiguration io, CancellationToken cancellation)
    {
        using var classifier = SavedClassifier.Load(model);
        var exitCode = 0;
        foreach (var file in files)
        {
            cancellation.ThrowIfCancellationRequested();
            float[] values;
            try
            {
                if (Directory.Exists(file)) throw new IOException("it is a folder; give the images in it");
                values = classifier.Score([File.ReadAllBytes(file)]).Single();
            }
            catch (Exception e) when (e is InvalidImageDataException or IOException or UnauthorizedAccessException)
            {
                io.Error.WriteLine($"error: {file}: {OneLine.Of(e)}");
                exitCode = 1;
                continue;
            }
            var scores = classifier.Classes.Zip(values, (name, score) => new { Label = name, Score = score }).ToList();
            var best = scores.MaxBy(s => s.Score)!;
            io.Output.WriteLine(JsonLine.Of(new { file, label = best.Label, score = best.Score, scores }));
        }
        return exitCode;
    }
}
