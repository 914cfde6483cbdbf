using System.CommandLine;
using PaT.Studies;

namespace PaT.Cli;

/// <summary><c>pat inspect sensitivity</c>: which groups of a trained network bear pruning, as a table and a chart a group.</summary>
internal static class SensitivityCommand
{
    private static readonly Option<string> Network = new("--network") { Description = "The network: a name, or a file with one: a .pat archive, an ONNX model, or a definition as JSON", HelpName = "NAME", Required = true };
    private static readonly Option<string> Weights = new("--weights") { Description = "Its trained weights: a safetensors file with PyTorch's names, a .pat archive or an ONNX model", HelpName = "FILE", Required = true };
    private static readonly Option<string?> Data = new("--data") { Description = "The images, as for train; of those that train would not train on, for --seed 1", HelpName = "PATH" };
    private static readonly Option<int> Limit = NumberOption.Create("--limit", "Images to score, evenly by class", 1000, "at least 1", (int n) => n >= 1);
    private static readonly Option<int?> Size = NumberOption.CreateOptional("--size", "Height and width that images are resized to, in pixels (default: what the network was published for)", "1 to 4096", (int n) => n is >= 1 and <= 4096);
    private static readonly Option<Importance> Criterion = NamedValue.Criterion("--criterion", "What says which channels go first", Importance.Magnitude);
    private static readonly Option<double[]> Ratios = ListOption.Numbers("--ratios", "Fractions of a group's channels to remove", "between 0 and 1, both excluded", x => x is > 0 and < 1, 0.1, 0.3, 0.5, 0.7, 0.9);
    private static readonly Option<string> Out = new("--out") { Description = "Folder for sensitivity.json and sensitivity.html", DefaultValueFactory = _ => Path.Combine("runs", "sensitivity"), HelpName = "DIR" };

    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var command = new Command("sensitivity", "Remove a fraction of one group's channels at a time, without training, and print what accuracy is left.")
        {
            Network, Weights, Data, Limit, Size, Criterion, Ratios, Out,
        };
        command.SetAction((parsed, cancellation) => RunAsync(parsed, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        var folder = Directory.CreateDirectory(parsed.GetRequiredValue(Out)).FullName;
        var set = await new ImageSources(error.WriteLine).FindAsync(parsed.GetValue(Data), cancellation);
        // What a run of the same seed holds out; where it would train on everything, a held-out fraction.
        var images = Subset.Balanced(DataSplit.Of(set, images: null, seed: 1).Validation, parsed.GetValue(Limit), seed: 1);
        var ml = new MLContext { GpuDeviceId = 0, FallbackToCpu = true };
        var rows = ImageRows.View(ml, set.Encoded, images);
        var options = new PruningAwareTrainingOptions
        {
            Network = NetworkFile.Find(parsed.GetRequiredValue(Network)),
            Weights = new(parsed.GetRequiredValue(Weights)),
            Images = new() { Height = parsed.GetValue(Size), Width = parsed.GetValue(Size) },
            Pruning = new() { Criterion = parsed.GetValue(Criterion)! },
            CancellationToken = cancellation,
        };
        var report = ml.PaT().Sensitivity(ml.Transforms.Conversion.MapValueToKey("Label").Fit(rows).Transform(rows), options, parsed.GetRequiredValue(Ratios));
        var page = SensitivityPage.Of(report);
        page.Tables[0].Write(output);
        report.WriteJson(Path.Combine(folder, "sensitivity.json"));
        var html = Path.Combine(folder, "sensitivity.html");
        page.WriteHtml(html, $"{report.Images} images of {set.Name}, criterion {report.Criterion}, {report.Machine}");
        output.WriteLine($"written: {html}");
        return 0;
    }
}
