using System.CommandLine;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PaT.Cli;

/// <summary>Replaces the names of properties by those of options in messages of the library.</summary>
internal static partial class OptionNames
{
    /// <summary>The options of a property. Of several, those of a sweep come first.</summary>
    private static readonly Dictionary<string, string[]> s_options = new()
    {
        ["Images.Height"] = ["--size"], ["Images.Width"] = ["--size"],
        ["Training.Epochs"] = ["--epochs"], ["Training.BatchSize"] = ["--batch"],
        ["Training.LearningRate"] = ["--learning-rates", "--lr"], ["Training.Optimizer"] = ["--optimizer"],
        ["Seed"] = ["--seed"], ["Network"] = ["--network"], ["Weights"] = ["--weights"],
        ["ResetClassifier"] = ["--reset-classifier"],
        ["Pruning.Target"] =
            [
                "--ratios", "--prune-channels", "--prune-macs", "--prune-parameters", "--prune-latency",
                "--prune-training-time",
            ],
        ["Pruning.Policy"] = ["--policies", "--policy"], ["Pruning.Criterion"] = ["--criteria", "--criterion"],
        ["Pruning.Plan"] = ["--plan"], ["Pruning.Retraining.Schedule"] = ["--retrain"],
        ["Pruning.Retraining.Epochs"] = ["--retrain-epochs"],
        ["Retraining.Epochs"] = ["--epochs"], ["Retraining.LowRate"] = ["--low"],
        ["Retraining.FinalRate"] = ["--final"], ["Retraining.CycleMomentum"] = ["--steady-momentum"],
        ["Threads"] = ["--threads"], ["MemoryBudget"] = ["--image-memory"],
        ["MaxUnreadableFraction"] = ["--allow-unreadable"], ["TensorBoardFolder"] = ["--tensorboard"],
        ["Checkpoints.Folder"] = ["--out"], ["Checkpoints.Resume"] = ["--resume"],
        ["Checkpoints.Keep"] = ["--keep-checkpoints"], ["Checkpoints.StartFrom"] = ["--start-from"],
        ["Distributed.Timeout"] = ["--rank-timeout"],
        ["Distributed.SynchronizeBatchNorm"] = ["--sync-batch-norm"],
        ["Space.Ratio"] = ["--ratios"], ["Space.LearningRate"] = ["--learning-rates"],
        ["Space.Criterion"] = ["--criteria"], ["Space.Network"] = ["--networks"], ["Space.Policy"] = ["--policies"],
        ["Strategy"] = ["--strategy"], ["Halving.FirstEpochs"] = ["--halving-epochs"],
        ["Halving.Factor"] = ["--halving-factor"], ["Folds"] = ["--folds"], ["TimeBudget"] = ["--minutes"],
    };

    /// <summary>
    /// Replaces <c>Training.BatchSize</c> by <c>--batch</c>, and properties without an option by their field for
    /// <c>--set</c>, such as <c>training.mixup</c>. A value that no option gave is named by its field if the recipe was
    /// given.
    /// </summary>
    /// <param name="parsed">The command line. It selects one of several options of a property.</param>
    public static string In(string message, ParseResult? parsed = null)
    {
        message = WithPhrases(message, parsed);
        return Property().Replace(message, match =>
        {
            var path = match.Value;
            if (path.StartsWith("Options.", StringComparison.Ordinal)) path = path["Options.".Length..];
            var options = s_options.GetValueOrDefault(path) ?? [];
            var isValue = Value().IsMatch(message, match.Index + match.Length);
            if (isValue && Given(options, parsed) is null && Given(["--recipe", "--set"], parsed) is not null)
            {
                if (IsField(path)) return Field(path);
                if (path is "Seed" or "Network" or "Weights") return $"the recipe's field {Field(path)}";
            }
            return Chosen(options, parsed) ?? (IsField(path) ? Field(path) : match.Value);
        });
    }

    private static bool IsField(string path) =>
        path.Split('.') is ["Images" or "Training" or "Pruning", _, ..];

    private static string Field(string path) =>
        string.Join('.', path.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));

    /// <summary>The option that was given or, if none was, one that the command has; null for none.</summary>
    private static string? Chosen(string[] names, ParseResult? parsed) => parsed is null
        ? names.FirstOrDefault()
        : Given(names, parsed) ?? names.FirstOrDefault(name => Has(parsed, name));

    private static string? Given(string[] names, ParseResult? parsed) => parsed?.CommandResult.Command.Options
        .FirstOrDefault(o => names.Contains(o.Name) && parsed.GetResult(o) is { Implicit: false })?.Name;

    private static bool Has(ParseResult parsed, string option) =>
        parsed.CommandResult.Command.Options.Any(o => o.Name == option);

    private static string WithPhrases(string message, ParseResult? parsed) => WithPossibleAdvice(message, parsed)
        .Replace("Images.Height and Images.Width", "Images.Height", StringComparison.Ordinal)
        .Replace("Images.Height and Width", "Images.Height", StringComparison.Ordinal)
        .Replace("set CacheFolder to", "set the environment variable XDG_CACHE_HOME to", StringComparison.Ordinal)
        .Replace("(Device = Cpu)", "(--device cpu)", StringComparison.Ordinal)
        .Replace(
            "Training.OnDivergence = RollBack with checkpoints", "--set training.onDivergence=roll-back",
            StringComparison.Ordinal)
        .Replace(
            "Training.Decay is Steps", "Training.Decay is steps (--set training.decay=steps)", StringComparison.Ordinal)
        .Replace(
            "let MLContext decide (Device = Automatic, MLContext.FallbackToCpu = true)", "leave --device out",
            StringComparison.Ordinal)
        .Replace("Networks.Names lists all.", "'pat inspect networks' lists all.", StringComparison.Ordinal);

    /// <summary>Leaves out advice that a command has no options for.</summary>
    private static string WithPossibleAdvice(string message, ParseResult? parsed)
    {
        if (parsed is null) return message;
        if (!Has(parsed, "--data"))
            message = message.Replace("Give some, or choose", "Choose", StringComparison.Ordinal);
        if (!Has(parsed, "--set"))
        {
            message = message.Replace(
                "Lower Pruning.Target or Pruning.RoundTo, or loosen Pruning.Limits.", "Lower Pruning.Target.",
                StringComparison.Ordinal);
        }
        return Has(parsed, "--reset-classifier")
            ? message
            : message.Replace(
                "with ResetClassifier that layer starts from random weights", "give weights for these classes",
                StringComparison.Ordinal);
    }

    // Paths are replaced anywhere; single words at the start of a sentence about the property, or in parentheses.
    [GeneratedRegex(
        @"(?<![/\\.\w])(Options\.)?(Images|Training|Pruning|Retraining|Checkpoints|Distributed|Space|Halving)"
        + @"(\.[A-Z][A-Za-z]*)+"
        + @"|\b(MaxUnreadableFraction|MemoryBudget|TensorBoardFolder|TimeBudget|ResetClassifier)\b"
        + @"|(?<=^|[;(] ?|\n)(Threads|Folds|Seed|Strategy|Weights|Network)(?= (is|are|has|names)\b)")]
    private static partial Regex Property();

    /// <summary>The words after a property whose value a message states.</summary>
    [GeneratedRegex(@"\G (is|are|has|names|prunes)\b")]
    private static partial Regex Value();
}
