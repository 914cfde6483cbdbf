using System.CommandLine;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Training;

namespace PaT.Cli;

/// <summary>The options that say when to prune and how to train afterwards.</summary>
internal sealed class PolicyArguments
{
    private const string Policies = "epi|early-bird|init|epoch:N|after|never";

    private readonly Option<string> _policy = new("--policy")
    {
        Description = "When to prune: epi (as soon as the widths of the sub-network are stable), early-bird (as soon as its channels are), init (before the first step), epoch:N (after N dense epochs), after (then retrain), never",
        DefaultValueFactory = _ => "epi",
        HelpName = Policies,
    };

    private readonly Option<double?> _tau = NumberOption.CreateOptional("--tau", "Threshold of the indicator, for --policy epi (default: from the run itself; published: 0.944 for gradient scores, 0.983 for magnitudes)", "greater than 0, at most 1", (double x) => x is > 0 and <= 1);
    private readonly Option<string?> _retrain = new("--retrain") { Description = "Schedule after the cut (default: the schedule of the run goes on; clr with --retrain-epochs)" };
    private readonly Option<int?> _retrainEpochs = NumberOption.CreateOptional("--retrain-epochs", "Epochs by that schedule (default: what is left of the run)", "at least 1", (int n) => n >= 1);

    private readonly Option<double?> _distill = NumberOption.CreateOptional("--distill", "How much of the loss after the cut is what the dense network says of an image (default: none)", "above 0, at most 1", (double x) => x is > 0 and <= 1);
    private readonly Option<double> _temperature = NumberOption.Create("--distill-temperature", "What logits are divided by for that", 4.0, "above 0, at most 100", (double x) => x is > 0 and <= 100);

    private readonly Option<double> _grow = NumberOption.Create("--grow-batch", "How many times larger batches may become in the memory that the cut frees; the learning rate grows with them", 1.0, "1 to 64", (double x) => x is >= 1 and <= 64);

    /// <summary>Describes the options.</summary>
    public PolicyArguments()
    {
        _retrain.AcceptOnlyFromAmong([.. RetrainingSchedules.Names]);
        _policy.Validators.Add(result =>
        {
            var text = result.GetValueOrDefault<string>();
            if (text is not null && Parse(text, null) is null) result.AddError($"--policy must be one of {Policies}, but is '{text}'");
        });
    }

    /// <summary>The options in the order of the help.</summary>
    public IEnumerable<Option> All => [_policy, _tau, _retrain, _retrainEpochs, _distill, _temperature, _grow];

    /// <summary>What was asked for.</summary>
    /// <param name="parsed">The parsed command line.</param>
    /// <param name="epochs">Epochs of the run.</param>
    /// <exception cref="InvalidOptionsException">Options contradict each other.</exception>
    public (PruningPolicy Policy, RetrainingOptions? Retraining) Read(ParseResult parsed, int epochs)
    {
        var (name, tau, retrain, retrainEpochs) = (parsed.GetRequiredValue(_policy), parsed.GetValue(_tau), parsed.GetValue(_retrain), parsed.GetValue(_retrainEpochs));
        var policy = Parse(name, tau)!;
        if (tau is not null && name != "epi")
            throw new InvalidOptionsException($"--tau is the threshold of --policy epi and has no meaning with --policy {name}: leave one of them out");
        if (policy is FixedEpochPolicy { Epoch: var epoch } && epoch >= epochs)
            throw new InvalidOptionsException($"--policy {name} never comes in a run of {epochs} epochs, which are 0 to {epochs - 1}: give a smaller N or more --epochs");
        if (policy is AfterTrainingPolicy && retrainEpochs is null)
            throw new InvalidOptionsException("--policy after needs --retrain-epochs: nothing of the run is left when it prunes");
        if (policy is NeverPolicy && (retrain ?? (object?)retrainEpochs) is not null)
            throw new InvalidOptionsException("--retrain and --retrain-epochs come after a cut and have no meaning with --policy never: leave them out, or give --schedule for the whole run");
        if (retrain == "lrw" && retrainEpochs > epochs)
            throw new InvalidOptionsException($"--retrain lrw replays the last epochs of the run, which has {epochs}: --retrain-epochs must not be more");
        if (retrain is null && retrainEpochs is null) return (policy, null);
        return (policy, new RetrainingOptions { Schedule = RetrainingSchedules.ByName(retrain ?? "clr"), Epochs = retrainEpochs });
    }

    /// <summary>How many times larger batches may become after the cut.</summary>
    /// <param name="parsed">The parsed command line.</param>
    public double BatchGrowth(ParseResult parsed) => parsed.GetValue(_grow);

    /// <summary>How the compact network learns from the dense one; null when it does not.</summary>
    /// <param name="parsed">The parsed command line.</param>
    public DistillationOptions? Distillation(ParseResult parsed) =>
        parsed.GetValue(_distill) is { } weight ? new() { Weight = weight, Temperature = parsed.GetValue(_temperature) } : null;

    /// <summary>The policy of a name.</summary>
    /// <param name="name">As <c>--policy</c> takes it.</param>
    /// <exception cref="InvalidOptionsException">There is none of that name.</exception>
    public static PruningPolicy ByName(string name) => Parse(name, tau: null) ?? throw new InvalidOptionsException($"There is no policy '{name}'. Known: {Policies}.");

    private static PruningPolicy? Parse(string text, double? tau) => text switch
    {
        "epi" => PruningPolicy.EarlyPruningIndicator(tau),
        "early-bird" => PruningPolicy.EarlyBird,
        "init" => PruningPolicy.AtInitialization,
        "after" => PruningPolicy.AfterTraining,
        "never" => PruningPolicy.Never,
        _ => EpochOf(text) is { } epoch ? PruningPolicy.AtEpoch(epoch) : null,
    };

    private static int? EpochOf(string policy) =>
        policy.StartsWith("epoch:", StringComparison.Ordinal) && int.TryParse(policy.AsSpan("epoch:".Length), System.Globalization.NumberStyles.None, null, out var epoch) ? epoch : null;
}
