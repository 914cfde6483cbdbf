using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Microsoft.ML.PaT.Experiments;

namespace PaT.Cli;

/// <summary>The options that define the search space and the strategy of a sweep.</summary>
internal sealed class SweepArguments
{
    private const int StandardTrials = 20, GridSteps = 5;
    private static readonly TrainingRecipe s_recipe = new();

    private readonly Option<SearchAxis<double>?> _ratios = Numbers(
        "--ratios", "Fractions to remove (default if nothing varies: 0.3,0.5,0.7)", SearchAxis.Between);

    private readonly Option<SearchAxis<double>?> _rates = Numbers(
        "--learning-rates", "Highest learning rates; a range is logarithmic", SearchAxis.LogBetween);

    private readonly Option<SearchAxis<Importance>?> _criteria = Fields(
        "--criteria", "Values of --criterion", "pruning.criterion", recipe => recipe.Pruning.Criterion);

    private readonly Option<SearchAxis<NetworkArchitecture>?> _networks = Names(
        "--networks", "Values of --network; all for images of one size", name => NetworkFile.Find(name));

    private readonly Option<SearchAxis<PruningPolicy>?> _policies = Fields(
        "--policies", "Values of --policy", "pruning.policy", recipe => recipe.Pruning.Policy);

    private readonly Option<string> _strategy = new("--strategy")
    {
        Description = "grid tries all combinations, random draws uniformly, bayesian draws near good earlier trials",
        HelpName = "NAME",
        DefaultValueFactory = _ => "grid",
    };

    private readonly Option<int?> _trials = NumberOption.CreateOptional(
        "--trials", "Trials of --strategy random and bayesian (default: 20)", "1 to 10000",
        (int n) => n is >= 1 and <= 10_000);

    private readonly Option<int?> _halving = NumberOption.CreateOptional(
        "--halving-epochs",
        "Compare all trials after N epochs and continue with the best (default: train all to their end)",
        "at least 1", (int n) => n >= 1);

    private readonly Option<int> _factor = NumberOption.Create(
        "--halving-factor", "One of N trials continues, and trains N times as long", 3, "2 to 10",
        (int n) => n is >= 2 and <= 10);

    private readonly Option<int?> _folds = NumberOption.CreateOptional(
        "--folds", "Cross-validation with N folds of the training images (default: one validation set)",
        "2 to 100", (int n) => n is >= 2 and <= 100);

    private readonly Option<double?> _minutes = NumberOption.CreateOptional(
        "--minutes", "Stop after N minutes; the same command continues (default: no limit)",
        "greater than 0, at most 70560 (49 days)", (double x) => x is > 0 and <= 49 * 24 * 60);

    private readonly Option<int> _seed = new("--search-seed")
    {
        Description = "Seed of the search and of the folds; trials have --seed",
        DefaultValueFactory = _ => 1,
        HelpName = "N",
    };

    public SweepArguments() => _strategy.OneOf("grid", "random", "bayesian");

    public OptionGroup Group => new(
        "Search", _ratios, _rates, _criteria, _networks, _policies, _strategy, _trials, _halving, _factor, _folds,
        _minutes, _seed);

    /// <exception cref="InvalidOptionsException">Options contradict each other, or have no effect.</exception>
    public PruningExperimentSettings Read(ParseResult parsed, PruningAwareTrainingOptions common)
    {
        RefuseFixedAxes(parsed);
        var space = new PruningSearchSpace
        {
            Ratio = parsed.GetValue(_ratios),
            LearningRate = parsed.GetValue(_rates),
            Criterion = parsed.GetValue(_criteria),
            Network = parsed.GetValue(_networks),
            Policy = parsed.GetValue(_policies),
        };
        var (strategy, trials) = (parsed.GetRequiredValue(_strategy), parsed.GetValue(_trials));
        if (strategy == "grid" && trials is not null)
        {
            throw new InvalidOptionsException(CliErrorCodes.ArgumentInvalid,
                "--trials has no meaning with --strategy grid, which tries every combination: leave it out, or search "
                + "at random");
        }
        var folds = parsed.GetValue(_folds);
        if (strategy == "grid" && folds is null) RefuseIdle(parsed, _seed, "with --strategy grid and without --folds");
        if (parsed.GetValue(_halving) is null) RefuseIdle(parsed, _factor, "without --halving-epochs");
        return new PruningExperimentSettings
        {
            Options = common,
            Space = space == new PruningSearchSpace() ? StandardSpace(common.Pruning) : space,
            Strategy = strategy switch
            {
                "random" => SearchStrategy.Random(trials ?? StandardTrials),
                "bayesian" => SearchStrategy.Bayesian(trials ?? StandardTrials),
                _ => SearchStrategy.Grid,
            },
            Halving = parsed.GetValue(_halving) is { } first
                ? new HalvingOptions { FirstEpochs = first, Factor = parsed.GetValue(_factor) }
                : null,
            Folds = folds,
            TimeBudget = parsed.GetValue(_minutes) is { } minutes ? TimeSpan.FromMinutes(minutes) : null,
            Seed = parsed.GetValue(_seed),
        };
    }

    /// <exception cref="InvalidOptionsException">Ratios have no effect.</exception>
    private static PruningSearchSpace StandardSpace(PruningOptions pruning)
    {
        var idle = pruning.Policy == PruningPolicy.Never ? "without pruning"
            : pruning.Plan is not null ? "with a plan"
            : pruning.Widths is not null ? "with given widths"
            : null;
        return idle is null
            ? new() { Ratio = SearchAxis.Of(0.3, 0.5, 0.7) }
            : throw new InvalidOptionsException(
                CliErrorCodes.ArgumentInvalid,
                $"no option varies, and the default, --ratios, has no effect {idle}: give --learning-rates, --networks "
                + "or another option of the search");
    }

    /// <summary>Refuses an option for a single value, or its field, beside the one for several.</summary>
    private void RefuseFixedAxes(ParseResult parsed)
    {
        (Option Axis, string Option, string Field)[] axes =
        [
            (_rates, "--lr", "training.learningRate"), (_criteria, "--criterion", "pruning.criterion"),
            (_networks, "--network", "network"), (_policies, "--policy", "pruning.policy"),
        ];
        foreach (var (axis, option, field) in axes.Where(a => parsed.GetResult(a.Axis) is not null))
        {
            var idle = parsed.CommandResult.Command.Options.Single(o => o.Name == option);
            RefuseIdle(parsed, idle, $"with {axis.Name}, which sets the same in each trial");
            var isSet = parsed.GetValue<string[]>("--set") is { } texts
                && Array.Exists(texts, text => RecipeArguments.IsIn(text.Split('=')[0].Trim(), field));
            if (isSet) throw Idle($"--set {field}", $"with {axis.Name}, which sets the same in each trial");
        }
    }

    private static void RefuseIdle(ParseResult parsed, Option option, string where)
    {
        if (parsed.GetResult(option) is { Implicit: false }) throw Idle(option.Name, where);
    }

    private static InvalidOptionsException Idle(string option, string where) => new(
        CliErrorCodes.ArgumentInvalid, $"{option} has no effect {where}: leave it out");

    /// <summary>Numbers with commas between them, or a range with two dots.</summary>
    private static Option<SearchAxis<double>?> Numbers(
        string name, string description, Func<double, double, int, SearchAxis<double>> range) => new(name)
    {
        Description = $"{description}: A,B,... or a range A..B",
        HelpName = "A,B|A..B",
        CustomParser = argument =>
        {
            var text = Text(argument);
            var ends = text.Split("..");
            var numbers = Array.ConvertAll(ends.Length == 2 ? ends : text.Split(','), Number);
            if (Array.TrueForAll(numbers, double.IsFinite))
                return ends.Length == 2 ? range(numbers[0], numbers[1], GridSteps) : SearchAxis.Of(numbers);
            argument.AddError(
                $"{name} must be numbers with commas between them, or two with .. between them, but is '{text}'");
            return null;
        },
    };

    /// <summary>Values of a field of the recipe.</summary>
    private static Option<SearchAxis<T>?> Fields<T>(
        string name, string description, string path, Func<TrainingRecipe, T> value)
        where T : notnull => Names(name, description, text =>
        {
            try
            {
                return value(s_recipe.With(path, text));
            }
            catch (InvalidOptionsException e)
            {
                throw new InvalidOptionsException(e.Code, e.Message.Replace(path, name, StringComparison.Ordinal));
            }
        });

    private static Option<SearchAxis<T>?> Names<T>(string name, string description, Func<string, T> find)
        where T : notnull => new(name)
        {
            Description = description,
            HelpName = "A,B,...",
            CustomParser = argument =>
            {
                try
                {
                    var names = Text(argument).Split(',', StringSplitOptions.TrimEntries);
                    return SearchAxis.Of(Array.ConvertAll(names, find.Invoke));
                }
                catch (Exception e) when (e is PaTException or IOException)
                {
                    var isNamed = e.Message.StartsWith(name, StringComparison.Ordinal);
                    argument.AddError(isNamed ? e.Message : $"{name}: {e.Message}");
                    return null;
                }
            },
        };

    private static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;

    private static string Text(ArgumentResult argument) => string.Join(',', argument.Tokens.Select(t => t.Value));
}
