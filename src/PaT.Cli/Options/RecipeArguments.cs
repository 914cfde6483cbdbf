using System.CommandLine;

namespace PaT.Cli;

/// <summary>
/// The options that define a recipe: a file or a preset, changed by options and then by <c>--set</c>.
/// </summary>
internal sealed class RecipeArguments(TrainingRecipe standard)
{
    /// <summary>Fields that the cells of a study set.</summary>
    private static readonly string[] s_setByStudies =
        ["seed", "pruning.policy", "pruning.criterion", "pruning.target", "pruning.plan", "pruning.widths"];

    private readonly TrainingRecipe _standard = standard;

    private readonly Option<string?> _file = new("--recipe")
    {
        Description = "A recipe as JSON, such as the recipe.json of another run", HelpName = "FILE",
    };

    private readonly Option<string?> _preset = new("--preset")
    {
        Description = "A recipe by name: cifar (small images), photos (photographs), finetune (given weights)",
        HelpName = "NAME",
    };

    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Any field of the recipe, such as training.mixup=0.2 (docs/guide/options.md); may be given "
            + "several times",
        HelpName = "PATH=VALUE",
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<string?> _network = new("--network")
    {
        Description = "A network by name, such as resnet20 or mobilenet_v2, or a file: a definition as JSON, an ONNX "
            + "model with its weights, a .pat archive (default: resnet20 for images of at most 64 pixels, resnet18 for "
            + "larger ones)",
        HelpName = "NAME|FILE",
    };

    private readonly Option<string?> _weights = new("--weights")
    {
        Description = "Weights to start from: safetensors with PyTorch's names, a .pth state dict, a .pat archive, an "
            + "ONNX model, or a name such as resnet18@torchvision, which also chooses network and normalization",
        HelpName = "FILE|NAME",
    };

    private readonly Option<bool> _reset = new("--reset-classifier")
    {
        Description = "Start the last layer from random weights, for other classes",
    };

    private readonly Option<string?> _plan = new("--plan")
    {
        Description = "A plan that --save-plan wrote; the policy then only decides when to prune", HelpName = "FILE",
    };

    private readonly RecipeOption _size = new(
        "--size", "N", "Height and width of images (default: those the network was published for; "
            + "without --network those that fit the images)",
        ["images.height", "images.width"]);

    private readonly RecipeOption[] _training =
    [
        new(
            "--epochs", "N", $"Passes over the training images (default: {standard.Training.Epochs})",
            ["training.epochs"]),
        new("--batch", "N", "Images per step", ["training.batchSize"]),
        new("--lr", "X", $"Peak learning rate (default: {RateOf(standard)})", ["training.learningRate"]),
        new("--optimizer", "NAME", "Optimizer", ["training.optimizer"]),
        new("--freeze", "PATTERN|N", "Layers that keep their weights: names, or the first N", ["training.freeze"]),
    ];

    private readonly RecipeOption _seed = new("--seed", "N", "Seed of all random numbers", ["seed"]);

    private readonly RecipeOption[] _pruning =
    [
        new("--policy", "NAME", "When to prune", ["pruning.policy"]),
        new("--criterion", "NAME", "Importance of a channel", ["pruning.criterion"]),
        new(
            "--retrain", "NAME",
            "Schedule after pruning (default: that of the run continues; with --retrain-epochs clr)",
            ["pruning.retraining.schedule"]),
        new(
            "--retrain-epochs", "N", "Epochs by that schedule (default: the rest of the run)",
            ["pruning.retraining.epochs"]),
    ];

    private readonly RecipeOption[] _targets =
    [
        Target("channels", "channels", " (default: 0.5)"), Target("macs", "multiply-accumulates"),
        Target("parameters", "parameters"), Target("latency", "milliseconds to score a batch on this device"),
        Target("training-time", "milliseconds of a training step on this device"),
    ];

    /// <summary>Whether these are the options of a study, which sets the seed and the pruning options.</summary>
    public bool ForStudies { get; init; }

    /// <summary>The options in the order of the help.</summary>
    public IEnumerable<OptionGroup> Groups =>
    [
        new("Recipe", _file, _preset, _set),
        new("Network", _network, _weights, _reset, _size),
        new("Training", ForStudies ? _training : [.. _training, _seed]),
        .. ForStudies ? [] : new[] { Pruning },
    ];

    private OptionGroup Pruning => new("Pruning", [.. _pruning[..2], .. _targets, _plan, .. _pruning[2..]]);

    /// <summary>The recipe.</summary>
    /// <exception cref="PaTException">
    /// A value is not allowed, options exclude each other, or a file cannot be read.
    /// </exception>
    public TrainingRecipe Read(ParseResult parsed)
    {
        RequireOne(parsed, "say which recipe to start from", _file, _preset);
        RequireOne(parsed, "say how much to remove", [.. _targets, _plan]);
        RefuseWithoutPruning(parsed);
        var recipe = parsed.ExistingFile(_file) is { } file ? TrainingRecipe.Read(file)
            : parsed.GetValue(_preset) is { } preset ? RecipePresets.ByName(preset)
            : _standard;
        if (parsed.GetValue(_network) is { } network) recipe = recipe with { Network = NetworkFile.Find(network) };
        recipe = ReadWeights(recipe, parsed);
        if (parsed.ExistingFile(_plan) is { } plan)
            recipe = recipe with { Pruning = recipe.Pruning with { Plan = PruningPlan.Load(plan) } };
        RecipeOption[] options = [_size, .. _training, _seed, .. _pruning, .. _targets];
        foreach (var option in options) recipe = option.Apply(recipe, parsed);
        foreach (var text in parsed.GetValue(_set) ?? [])
        {
            var parts = text.Split('=', 2);
            if (parts.Length < 2 || string.IsNullOrWhiteSpace(parts[0]))
            {
                throw new InvalidOptionsException(CliErrorCodes.ArgumentInvalid,
                    $"--set takes a field and its value, such as training.mixup=0.2, but is '{text}'");
            }
            if (ForStudies && Array.Exists(s_setByStudies, field => IsIn(parts[0].Trim(), field)))
            {
                throw new InvalidOptionsException(CliErrorCodes.ArgumentInvalid,
                    $"--set {parts[0]} has no effect, because the study sets this field in its cells: leave it out");
            }
            recipe = recipe.With(parts[0], parts[1]);
        }
        if (ForStudies) RequireFree(recipe.Pruning);
        return recipe;
    }

    /// <summary>Refuses pruning options that all cells would have, beside what the study varies.</summary>
    private static void RequireFree(PruningOptions pruning)
    {
        var field = pruning.Plan is not null ? "plan"
            : pruning.Widths is not null ? "widths"
            : pruning.Retraining is not null ? "retraining"
            : null;
        if (field is null) return;
        throw new InvalidOptionsException(
            CliErrorCodes.ArgumentInvalid,
            $"the recipe has pruning.{field}, which the cells of a study set themselves or leave out: remove it from "
            + "--recipe or --set");
    }

    private void RefuseWithoutPruning(ParseResult parsed)
    {
        if (!string.Equals(parsed.GetValue(_pruning[0]), "never", StringComparison.OrdinalIgnoreCase)) return;
        Option[] idle = [.. _pruning[1..], .. _targets, _plan];
        var given = idle.Where(o => parsed.GetResult(o) is not null).Select(o => o.Name).ToList();
        if (given.Count > 0)
        {
            throw new InvalidOptionsException(
                CliErrorCodes.ArgumentInvalid,
                $"{string.Join(" and ", given)} {(given.Count == 1 ? "has" : "have")} no effect with --policy never, "
                + "which prunes nothing: leave one or the other out");
        }
    }

    /// <summary>Whether a path is that of a field, or of a part of it.</summary>
    internal static bool IsIn(string path, string field) => path.Equals(field, StringComparison.OrdinalIgnoreCase)
        || path.StartsWith(field + '.', StringComparison.OrdinalIgnoreCase);

    private static string RateOf(TrainingRecipe recipe) => recipe.Training.LearningRate is { } rate
        ? FormattableString.Invariant($"{rate}")
        : "0.2; 0.001 with adamw, 1 with lars";

    private static RecipeOption Target(string kind, string what, string standard = "") => new(
        $"--prune-{kind}", "R", $"Fraction of the {what} to remove{standard}", ["pruning.target"], $"{kind}:");

    private static void RequireOne(ParseResult parsed, string what, params Option[] options)
    {
        var given = options.Where(o => parsed.GetResult(o) is not null).Select(o => o.Name).ToList();
        if (given.Count > 1)
        {
            throw new InvalidOptionsException(
                CliErrorCodes.ArgumentInvalid, $"{string.Join(" and ", given)} each {what}: give one of them");
        }
    }

    private TrainingRecipe ReadWeights(TrainingRecipe recipe, ParseResult parsed)
    {
        var (file, reset) = (parsed.GetValue(_weights), parsed.GetValue(_reset));
        if (file is null && !reset) return recipe;
        // An ONNX model has weights.
        var network = parsed.GetValue(_network);
        file ??= recipe.Weights?.Path ?? (network is not null && NetworkFile.IsOnnx(network) ? network : null);
        if (file is null)
        {
            throw new InvalidOptionsException(CliErrorCodes.ArgumentInvalid,
                "--reset-classifier needs given weights: --weights FILE or --network FILE.onnx");
        }
        recipe = recipe with { Weights = new WeightsFile(file) { ResetClassifier = reset } };
        return TorchvisionWeights.Find(file) is { } published
            ? recipe with
            {
                // Training from given weights is for other classes than ImageNet's.
                Weights = recipe.Weights with { ResetClassifier = true },
                Network = network is null ? Networks.ByName(published.Network) : recipe.Network,
                Images = recipe.Images with { Normalization = recipe.Images.Normalization ?? Normalization.ImageNet },
            }
            : recipe;
    }
}
