using System.Globalization;

namespace Microsoft.ML.PaT.Experiments.Tests;

public class TrialSearchTests
{
    private static readonly PruningExperimentSettings s_settings = new()
    {
        Options = new() { Training = new() { Epochs = 9 } },
        Space = new() { Ratio = SearchAxis.Between(0.1, 0.9, steps: 9) },
        Strategy = SearchStrategy.Grid,
    };

    [Test]
    public void Every_point_is_tried_and_one_that_throws_does_not_stop_the_others()
    {
        var runner = new Runner { Fails = { ["0.3"] = new InvalidImageDataException(ErrorCodes.NoImages, "broken") } };
        var reported = new List<PruningTrial>();
        var trials = new TrialSearch(s_settings, runner, reported.Add).Run();
        Assert.That(
            trials.Select(t => t.Values["Ratio"]),
            Is.EqualTo((string[])["0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9"]));
        Assert.That(trials.Select(t => t.Number), Is.EqualTo(Enumerable.Range(1, 9)));
        Assert.That(
            trials.Where(t => t.State == TrialState.Failed).Select(t => (t.Number, t.Accuracy, t.Exception!.Message)),
            Is.EqualTo(new[] { (3, (double?)null, "broken") }));
        Assert.That(trials.Count(t => t.State == TrialState.Finished), Is.EqualTo(8));
        Assert.That(reported, Is.EqualTo(trials));
    }

    [Test]
    public void A_space_with_few_points_ends_before_its_trials_do()
    {
        var runner = new Runner();
        var settings = s_settings with
        {
            Space = new()
            {
                Ratio = SearchAxis.Of(0.2, 0.4),
                Policy = SearchAxis.Of(PruningPolicy.Never, PruningPolicy.AtInitialization),
            },
        };
        foreach (var strategy in new[] { SearchStrategy.Grid, SearchStrategy.Random(50), SearchStrategy.Bayesian(50) })
        {
            var trials = new TrialSearch(settings with { Strategy = strategy }, runner, _ => { }).Run();
            Assert.That(trials, Has.Count.EqualTo(3), strategy.Name + ": twice with a ratio, once without pruning");
        }
    }

    [Test]
    public void A_Bayesian_search_of_choices_tries_as_many_combinations_as_asked([Range(1, 10)] int seed)
    {
        var settings = s_settings with
        {
            Seed = seed,
            Strategy = SearchStrategy.Bayesian(20),
            Space = new()
            {
                Ratio = SearchAxis.Of(0.2, 0.3, 0.4, 0.5, 0.6), LearningRate = SearchAxis.Of(0.01, 0.02, 0.1, 0.2),
            },
        };
        var trials = new TrialSearch(settings, new Runner(), _ => { }).Run();
        Assert.That(trials.Select(t => t.Id).Distinct().Count(), Is.EqualTo(20), "all combinations of 5 and 4 values");
    }

    [Test]
    public void A_Bayesian_search_goes_on_if_half_of_the_space_is_one_trial([Range(1, 10)] int seed)
    {
        var settings = s_settings with
        {
            Seed = seed,
            Strategy = SearchStrategy.Bayesian(40),
            Space = new()
            {
                Ratio = SearchAxis.Between(0.1, 0.9),
                Policy = SearchAxis.Of(PruningPolicy.Never, PruningPolicy.AtInitialization),
            },
        };
        var trials = new TrialSearch(settings, new Runner { Favors = "never" }, _ => { }).Run();
        Assert.That(trials, Has.Count.EqualTo(40));
        Assert.That(trials.Count(t => t.Values["Policy"] == "never"), Is.EqualTo(1));
    }

    [Test]
    public void A_grid_goes_on_after_many_points_that_are_one_trial()
    {
        var settings = s_settings with
        {
            Space = new()
            {
                Policy = SearchAxis.Of(PruningPolicy.Never, PruningPolicy.AtInitialization),
                Criterion = SearchAxis.Of(Importance.L1, Importance.L2, Importance.Taylor),
                Ratio = SearchAxis.Between(0.01, 0.99, steps: 99),
            },
        };
        var trials = new TrialSearch(settings, new Runner(), _ => { }).Run();
        Assert.That(trials.Count(t => t.Values.ContainsKey("Ratio")), Is.EqualTo(99), "the runner ignores criteria");
    }

    [Test]
    public void Halving_trains_the_best_on_and_leaves_the_rest()
    {
        var runner = new Runner();
        var reported = new List<PruningTrial>();
        var trials = new TrialSearch(s_settings with { Halving = new() }, runner, reported.Add).Run();
        // Accuracy is 1 - |ratio - 0.42|, and more with more epochs: nine to one epoch, three to three, one to nine.
        Assert.That(runner.Runs.Take(9), Is.EqualTo(Enumerable.Range(1, 9).Select(i => $"0.{i} to 1")));
        Assert.That(runner.Runs.Skip(9), Is.EqualTo((string[])["0.3 to 3", "0.4 to 3", "0.5 to 3", "0.4 to end"]));
        Assert.That(
            trials.Where(t => t.State == TrialState.Finished).Select(t => t.Values["Ratio"]),
            Is.EqualTo((string[])["0.4"]));
        Assert.That(trials.Select(t => t.Epochs), Is.EqualTo((int[])[1, 1, 3, 9, 3, 1, 1, 1, 1]));
        Assert.That(
            runner.Released.Order(), Is.EqualTo((string[])["0.1", "0.2", "0.3", "0.5", "0.6", "0.7", "0.8", "0.9"]));
        Assert.That(reported, Has.Count.EqualTo(13));
    }

    [Test]
    public void Halving_leaves_failed_trials_out_and_keeps_finished_ones_in()
    {
        var runner = new Runner { Fails = { ["0.4"] = new InvalidDataException() }, EndsEarly = "0.5" };
        var trials = new TrialSearch(s_settings with { Halving = new() }, runner, _ => { }).Run();
        Assert.That(runner.Runs.Skip(9), Is.EqualTo((string[])["0.3 to 3", "0.6 to 3"]));
        Assert.That(trials[3].State, Is.EqualTo(TrialState.Failed));
        Assert.That(
            (trials[4].State, trials[4].Epochs),
            Is.EqualTo((TrialState.Finished, 1)),
            "it came to its end before the first comparison, and was the best");
    }

    [Test]
    public void The_end_of_the_time_budget_stops_the_trial_under_way()
    {
        var runner = new Runner { Hangs = "0.3" };
        var trials =
            new TrialSearch(s_settings with { TimeBudget = TimeSpan.FromMilliseconds(200) }, runner, _ => { }).Run();
        Assert.That(
            trials.Select(t => t.State),
            Is.EqualTo((TrialState[])[TrialState.Finished, TrialState.Finished, TrialState.Stopped]));
    }

    [Test]
    public void The_longest_time_budget_is_one_that_a_timer_takes()
    {
        var settings = s_settings with { TimeBudget = TimeSpan.FromDays(49) };
        ExperimentValidator.Validate(settings, classes: null, hasValidation: false);
        var trials = new TrialSearch(settings, new Runner(), _ => { }).Run();
        Assert.That(trials.Select(t => t.State), Is.All.EqualTo(TrialState.Finished));
    }

    [Test]
    public void Cancellation_keeps_what_is_finished()
    {
        using var cancel = new CancellationTokenSource();
        var trials = new TrialSearch(s_settings with { CancellationToken = cancel.Token }, new Runner(), t =>
        {
            if (t.Number == 4)
                cancel.Cancel();
        }).Run();
        Assert.That(trials.Select(t => t.State), Is.EqualTo(Enumerable.Repeat(TrialState.Finished, 4)));
        Assert.That(
            new TrialSearch(s_settings with { CancellationToken = cancel.Token }, new Runner(), _ => { }).Run(),
            Is.Empty);
    }

    [TestCase(false), TestCase(true)]
    public void A_search_that_is_stopped_anywhere_ends_as_the_one_that_was_not(bool halving)
    {
        var settings = s_settings with
        {
            Strategy = SearchStrategy.Bayesian(8),
            Halving = halving ? new() : null,
            Space = new() { Ratio = SearchAxis.Between(0.1, 0.9), LearningRate = SearchAxis.LogBetween(0.01, 1) },
        };
        using var whole = new TemporaryFolder();
        var undisturbed = new Runner();
        var expected = Search(whole, undisturbed, settings);
        Assert.That(expected.Count(t => t.State == TrialState.Finished), Is.EqualTo(halving ? 1 : 8));
        foreach (var at in new[] { 1, 6, undisturbed.Runs.Count - 1 })
        {
            using var folder = new TemporaryFolder();
            using var cancel = new CancellationTokenSource();
            var (first, second) = (new Runner { Cancels = (at, cancel) }, new Runner());
            Search(folder, first, settings with { CancellationToken = cancel.Token });
            var resumed = Search(folder, second, settings);
            Assert.That(resumed.Select(Text), Is.EqualTo(expected.Select(Text)), $"stopped in run {at}");
            Assert.That(
                first.Runs.Count - 1 + second.Runs.Count,
                Is.EqualTo(undisturbed.Runs.Count),
                "only the run that was stopped is done twice");
        }
    }

    [Test]
    public void Failures_are_recorded_and_tried_again_and_damaged_records_count_as_none()
    {
        using var folder = new TemporaryFolder();
        Search(folder, new Runner { Fails = { ["0.3"] = new IOException("disk full") } }, s_settings);
        Assert.That(
            File.ReadAllText(Path.Combine(folder.Path, "0.3 0.2", "trial.json")),
            Does.Contain("disk full").And.Contain("\"Ratio\": \"0.3\""));
        File.WriteAllText(Path.Combine(folder.Path, "0.7 0.2", "trial.json"), "{");
        var again = new Runner();
        var trials = Search(folder, again, s_settings);
        Assert.That(again.Runs, Is.EqualTo((string[])["0.3 to end", "0.7 to end"]));
        Assert.That(trials.Select(t => t.State), Is.All.EqualTo(TrialState.Finished));
        Assert.That(
            File.ReadAllText(Path.Combine(folder.Path, "0.3 0.2", "trial.json")), Does.Not.Contain("disk full"));
    }

    private static IReadOnlyList<PruningTrial> Search(
        TemporaryFolder folder, Runner runner, PruningExperimentSettings settings) =>
        new TrialSearch(settings, new RecordedRunner(runner, folder.Path), _ => { }).Run();

    private static string Text(PruningTrial t) =>
        $"{t.Number} {t.Id} {t.State} {t.Epochs} {t.Accuracy} {t.Macs} {string.Join(',', t.Values)}";

    /// <summary>Stands in for training: accuracy is a formula.</summary>
    private sealed class Runner : ITrialRunner
    {
        public List<string> Runs { get; } = [];

        public List<string> Released { get; } = [];

        public Dictionary<string, Exception> Fails { get; } = [];

        public string? Hangs { get; init; }

        public string? EndsEarly { get; init; }

        /// <summary>The policy whose trials are the most accurate.</summary>
        public string? Favors { get; init; }

        public (int At, CancellationTokenSource Source)? Cancels { get; init; }

        public string IdOf(PruningAwareTrainingOptions options) =>
            FormattableString.Invariant($"{options.Pruning.Target.Ratio} {options.Training.LearningRate ?? 0.2}")
                + (options.Pruning.Policy == PruningPolicy.Never ? " never" : "");

        public PruningTrial Run(PruningTrial trial, int? until, CancellationToken stop)
        {
            var ratio = trial.Options.Pruning.Target.Ratio.ToString(CultureInfo.InvariantCulture);
            Runs.Add($"{ratio} to {until?.ToString(CultureInfo.InvariantCulture) ?? "end"}");
            if (Cancels is { } c && Runs.Count == c.At) c.Source.Cancel();
            if (Hangs == ratio) stop.WaitHandle.WaitOne();
            stop.ThrowIfCancellationRequested();
            if (Fails.TryGetValue(ratio, out var failure)) throw failure;
            var epochs = until ?? 9;
            return trial with
            {
                State = until is null || EndsEarly == ratio ? TrialState.Finished : TrialState.Paused,
                Epochs = epochs,
                Seconds = epochs,
                Accuracy =
                    1
                    - Math.Abs(trial.Options.Pruning.Target.Ratio - 0.42)
                    - 0.1 / epochs
                    - 0.01 * (trial.Options.Training.LearningRate ?? 0.2)
                    + (EndsEarly == ratio || trial.Options.Pruning.Policy.Name == Favors ? 1 : 0),
                Macs = until is null ? (long)(1000 * (1 - trial.Options.Pruning.Target.Ratio)) : null,
            };
        }

        public void Release(PruningTrial trial)
        {
            if (trial.State == TrialState.Paused) Released.Add(trial.Values["Ratio"]);
        }
    }
}
