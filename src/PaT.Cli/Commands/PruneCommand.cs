using System.CommandLine;
using System.Globalization;

namespace PaT.Cli;

/// <summary><c>pat prune</c>: removes channels of a network without training it.</summary>
internal static class PruneCommand
{
    public static Command Create()
    {
        var network = new Option<string>("--network")
        {
            Description = "A network by name, or a file: a .pat archive, an ONNX model, or a definition as JSON",
            HelpName = "NAME|FILE",
            Required = true,
        };
        var weights = new Option<string?>("--weights")
        {
            Description = "Its weights: safetensors, a .pth state dict, a .pat archive or an ONNX model, or a name "
                + "such as resnet18@torchvision (default: those of the network's own file, or random)",
            HelpName = "FILE|NAME",
        };
        Option<double?>[] targets = [Target("channels"), Target("macs"), Target("parameters")];
        var criterion = new Option<string>("--criterion")
        {
            Description = "Importance of a channel: a criterion that needs no images",
            HelpName = "NAME",
            DefaultValueFactory = _ => "magnitude",
        };
        var file = new Option<string>("--out")
        {
            Description = "The file to write. The pruned model of an ONNX file has the same inputs and outputs",
            HelpName = "FILE.onnx|FILE.pat",
            Required = true,
        };
        const string Description = "Remove channels of a network without training it, and print its parameters and "
            + "multiply-accumulates before and after as one line of JSON.";
        var command = new Command("prune", Description) { network, weights, criterion, file };
        foreach (var target in targets) command.Options.Add(target);
        command.Validators.Add(result =>
        {
            if (targets.Count(target => result.GetResult(target) is not null) != 1)
                result.AddError("give exactly one of --prune-channels R, --prune-macs R and --prune-parameters R");
            if (result.GetValue(file) is { } path && !NetworkFile.IsOnnx(path) && !NetworkFile.IsArchive(path))
                result.AddError($"--out must end with .onnx or .pat, but is '{path}'");
            if (NetworkFile.IsSame(result.GetValue(network), result.GetValue(file)))
                result.AddError("--out is the file that --network reads: give another one");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            var given = parsed.GetValue(weights) is { } path
                ? await new GivenWeights(parsed.InvocationConfiguration.Error.WriteLine).FindAsync(path, cancellation)
                : null;
            var target = targets.Single(t => parsed.GetResult(t) is not null);
            var source = parsed.GetRequiredValue(network);
            using var classifier = Read(source, given);
            using var pruned = Prune(
                classifier, target.Name["--prune-".Length..], parsed.GetValue(target)!.Value,
                parsed.GetRequiredValue(criterion));
            Write(pruned ?? classifier, source, parsed.GetRequiredValue(file));
            var (before, after) = (classifier.Network, (pruned ?? classifier).Network);
            parsed.InvocationConfiguration.Output.WriteLine(JsonLine.Of(new
            {
                parameters = new[] { before.ParameterCount, after.ParameterCount },
                macs = new[] { before.Macs, after.Macs },
            }));
            return 0;
        });
        return command;
    }

    private static Option<double?> Target(string kind) => NumberOption.CreateOptional(
        $"--prune-{kind}",
        $"Fraction of the {(kind == "macs" ? "multiply-accumulates" : kind)} to remove; 0 keeps the network unchanged",
        "0 to 1, 1 excluded", (double x) => x is >= 0 and < 1);

    private static ImageClassifier Read(string network, string? weights) =>
        NetworkFile.IsArchive(network) && weights is null
            ? ImageClassifier.Load(network)
            : ImageClassifier.Create(NetworkFile.Find(network), weights is null ? null : new WeightsFile(weights));

    private static ImageClassifier? Prune(ImageClassifier classifier, string kind, double ratio, string criterion)
    {
        if (ratio == 0) return null;
        var target = string.Create(CultureInfo.InvariantCulture, $"{kind}:{ratio:R}");
        var recipe = WithCriterion(criterion).With("pruning.target", target);
        return classifier.Prune(recipe.Pruning);
    }

    private static TrainingRecipe WithCriterion(string name)
    {
        const string Field = "pruning.criterion";
        try
        {
            return new TrainingRecipe().With(Field, name);
        }
        catch (InvalidOptionsException e)
        {
            throw new InvalidOptionsException(
                e.Code, e.Message.Replace(Field, "--criterion", StringComparison.Ordinal));
        }
    }

    private static void Write(ImageClassifier classifier, string network, string path)
    {
        if (NetworkFile.IsArchive(path)) classifier.SaveArchive(path);
        else classifier.SaveOnnx(path, NetworkFile.IsOnnx(network) ? OnnxExportOptions.LikeFile(network) : null);
    }
}
