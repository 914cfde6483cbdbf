using System.CommandLine;
using System.Globalization;

namespace Microsoft.ML.PaT.Samples;

/// <summary><c>pat evaluate</c>: loads a saved model as any application would and scores the test pictures with it.</summary>
internal static class EvaluateCommand
{
    private static readonly Option<string> Model = new("--model") { Description = "The saved model", HelpName = "FILE", Required = true };
    private static readonly Option<string?> Data = new("--data") { Description = "The pictures, as for train; their test part is scored", HelpName = "PATH" };

    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var command = new Command("evaluate", "Load a saved model and score the test pictures. The last line is the accuracy alone, fraction 0 to 1.") { Model, Data };
        command.SetAction((parsed, cancellation) =>
        {
            var io = parsed.InvocationConfiguration;
            return RunAsync(parsed.GetRequiredValue(Model), parsed.GetValue(Data), io.Output, io.Error, cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(string file, string? data, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        if (!File.Exists(file))
        {
            throw new FileNotFoundException($"there is no model {file}: give the model.zip that train or quickstart wrote");
        }

        var ml = new MLContext();
        var model = ml.Model.Load(file, out _);
        using var owned = model as IDisposable;
        var set = await new PictureSources(error.WriteLine).FindAsync(data, cancellation);
        var test = ReadablePictures.Of(set, set.Test, new ImageOptions().UnreadableShareAllowed, error.WriteLine, cancellation);
        var metrics = ml.MulticlassClassification.Evaluate(model.Transform(PictureRows.View(ml, set.Encoded, test)));
        output.WriteLine(FormattableString.Invariant($"{file}: {metrics.MicroAccuracy:0.0#%} of {test.Count:N0} test pictures of {set.Name} classified correctly"));
        output.WriteLine(metrics.MicroAccuracy.ToString("0.######", CultureInfo.InvariantCulture));
        return 0;
    }
}
