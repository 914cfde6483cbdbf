using System.CommandLine;
using Microsoft.ML.PaT.Modeling.Zoo;

namespace PaT.Cli;

/// <summary><c>pat sample</c>: runs one of the samples under <c>src/PaT.Cli/Examples</c>.</summary>
internal static class SampleCommand
{
    private const int DrawnClasses = 3;
    private const int DrawnEach = 200;
    private static readonly string[] Names = ["transfer", "custom-network", "cross-validation", "image-model"];

    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = $"Which one: {string.Join(", ", Names)}; their code is in src/PaT.Cli/Examples" };
        name.AcceptOnlyFromAmong(Names);
        var data = new Option<string?>("--data") { Description = "A folder with one folder of images for each class (default: drawn images)", HelpName = "DIR" };
        var weights = new Option<string?>("--weights") { Description = "For transfer: ResNet-18 weights as safetensors, with PyTorch's names", HelpName = "FILE" };
        var epochs = NumberOption.Create("--epochs", "Passes over the images; image-model has its own", 20, "at least 1", (int n) => n >= 1);
        var folder = new Option<string?>("--out") { Description = "Folder for what the sample writes (default: runs/NAME)", HelpName = "DIR" };
        var command = new Command("sample", "Run one of the samples: short programs to copy from.") { name, data, weights, epochs, folder };
        command.SetAction((parsed, cancellation) =>
        {
            var io = parsed.InvocationConfiguration;
            var chosen = parsed.GetRequiredValue(name);
            var output = parsed.GetValue(folder) ?? Path.Combine("runs", chosen);
            ResultFolder.Open(output);
            return Task.FromResult(ProgressView.Watch(io.Error, chosen, progress => Run(chosen, parsed.GetValue(weights), new ExampleSettings
            {
                Images = parsed.GetValue(data) is { } given ? Existing(given) : Drawn(output, io.Error),
                Output = output,
                Epochs = parsed.GetValue(epochs),
                Log = io.Output,
                Progress = progress,
                CancellationToken = cancellation,
            })));
        });
        return command;
    }

    private static int Run(string name, string? weights, ExampleSettings settings)
    {
        switch (name)
        {
            case "transfer":
                Transfer.Run(settings, weights ?? throw new InvalidOptionsException("transfer needs --weights FILE: ResNet-18 weights as safetensors, see docs/guide/fine-tune.md"));
                break;
            case "custom-network":
                CustomNetwork.Run(settings);
                break;
            case "cross-validation":
                CrossValidation.Run(settings);
                break;
            default:
                RunImageModel(settings);
                break;
        }

        return 0;
    }

    private static void RunImageModel(ExampleSettings settings)
    {
        ImageModel.MLNetModelPath = Path.GetFullPath(settings.File("ImageModel.mlnet"));
        ImageModel.Train(ImageModel.MLNetModelPath, settings.Images);
        settings.Log.WriteLine($"accuracy on the images trained on: {ImageModel.Evaluate(ImageModel.MLNetModelPath, settings.Images).MicroAccuracy:P1}");
        var first = LabeledFile.In(settings.Images).First();
        settings.Log.WriteLine($"{first.ImagePath}:");
        foreach (var (label, score) in ImageModel.PredictAllLabels(new ImageModel.ModelInput { ImageSource = File.ReadAllBytes(first.ImagePath) }))
        {
            settings.Log.WriteLine($"  {label}: {score:P1}");
        }
    }

    private static string Existing(string folder) => Directory.Exists(folder) ? folder
        : throw new InvalidImageDataException($"no such folder: {folder}; the samples take a folder with one folder of images for each class");

    private static string Drawn(string output, TextWriter error)
    {
        var images = Path.Combine(output, "images");
        DrawnFolder.Write(images, DrawnClasses, DrawnEach);
        error.WriteLine($"no --data: using drawn images, {images}");
        return images;
    }
}
