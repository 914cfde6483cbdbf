using System.CommandLine;
using PaT.Studies;

namespace PaT.Cli;

/// <summary><c>pat inspect sensitivity</c>: the accuracy after a fraction of one group's channels is removed.</summary>
internal static class SensitivityCommand
{
    private const int Images = 1000;

    public static Command Create()
    {
        var network = new Option<string>("--network")
        {
            Description = "A network by name, or a file: a definition as JSON, an ONNX model, a .pat archive",
            HelpName = "NAME|FILE",
            Required = true,
        };
        var weights = new Option<string?>("--weights")
        {
            Description = "Its trained weights: safetensors, a .pth state dict, a .pat archive or an ONNX model, or a "
                + "name such as resnet18@torchvision (default: those in the file of --network)",
            HelpName = "FILE|NAME",
        };
        var data = new Option<string?>("--data")
        {
            Description = "The images, as for train; the command scores the validation images of train --seed 1",
            HelpName = "PATH",
        };
        var limit = NumberOption.Create(
            "--limit", "Images to score, evenly by class", Images, "at least 1", (int n) => n >= 1);
        var size = new RecipeOption("--size", "N", "Height and width of images", ["images.height", "images.width"]);
        var criterion = new RecipeOption(
            "--criterion", "NAME", "Importance of a channel; the least important are removed (default: magnitude)",
            ["pruning.criterion"]);
        var ratios = ListOption.Numbers(
            "--ratios", "Fractions of a group's channels to remove", "between 0 and 1, both excluded",
            x => x is > 0 and < 1, 0.1, 0.3, 0.5, 0.7, 0.9);
        var folder = new Option<string>("--out")
        {
            Description = "Folder for sensitivity.json and sensitivity.html",
            DefaultValueFactory = _ => Path.Combine("runs", "sensitivity"),
            HelpName = "DIR",
        };
        var command = new Command(
            "sensitivity",
            "Remove a fraction of one group's channels at a time, without training, and print the accuracy.")
        {
            network, weights, data, limit, size, criterion, ratios, folder,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var given = parsed.GetRequiredValue(network);
            var trained = parsed.GetValue(weights) ?? (NetworkFile.HasWeights(given) ? given : null);
            var recipe = new TrainingRecipe
            {
                Network = NetworkFile.Find(given),
                Weights = new(trained ?? throw new InvalidOptionsException(
                    CliErrorCodes.ArgumentInvalid,
                    "--weights FILE is missing: only a .pat archive or an ONNX model as --network has weights")),
                Pruning = new() { Criterion = Importance.Magnitude },
            };
            recipe = criterion.Apply(size.Apply(recipe, parsed), parsed);
            return RunAsync(
                recipe, parsed.GetValue(data), parsed.GetValue(limit), parsed.GetRequiredValue(ratios),
                parsed.GetRequiredValue(folder), parsed.InvocationConfiguration, cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        TrainingRecipe recipe, string? data, int limit, double[] ratios, string output, InvocationConfiguration io,
        CancellationToken cancellation)
    {
        using var folder = ResultFolder.Open(output);
        recipe = recipe with
        {
            Weights = await new GivenWeights(io.Error.WriteLine).FindAsync(recipe.Weights, cancellation),
        };
        var set = await new ImageSources(io.Error.WriteLine).FindOwnAsync(data, cancellation);
        var images = Subset.Balanced(DataSplit.Of(set, images: null, seed: 1).Validation, limit, seed: 1);
        var ml = new MLContext { GpuDeviceId = 0, FallbackToCpu = true };
        var rows = ImageRows.View(ml, set.Encoded, images);
        var keys = ImageRows.ToKeys(ml, set.Classes).Fit(rows).Transform(rows);
        var options = new PruningAwareTrainingOptions(recipe) { CancellationToken = cancellation };
        var report = ml.PaT().Sensitivity(keys, options, ratios);
        var page = SensitivityPage.Of(report);
        io.Output.WriteLine(page.Lead);
        page.Tables[0].Write(io.Output);
        var (json, html) = (Path.Combine(output, "sensitivity.json"), Path.Combine(output, "sensitivity.html"));
        report.WriteJson(json);
        page.WriteHtml(html, $"{report.Images} images of {set.Name}, criterion {report.Criterion}, {report.Machine}");
        io.Output.WriteLine($"written: {json}, {html}");
        return 0;
    }
}
