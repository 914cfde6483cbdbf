namespace Microsoft.ML.PaT.Experiments.Tests;

public class TrialRankingTests
{
    private static PruningTrial Trial(
        int number,
        double accuracy,
        double latency,
        long macs,
        long parameters,
        TrialState state = TrialState.Finished) =>
        new()
        {
            Number = number,
            Id = $"{number}",
            Values = new Dictionary<string, string>(),
            Options = new(),
            State = state,
            Accuracy = accuracy,
            LatencyMs = latency,
            Macs = macs,
            Parameters = parameters,
        };

    [Test]
    public void The_front_of_one_cost_rises_in_both()
    {
        PruningTrial[] trials =
        [
            Trial(1, 0.9, 3, 30, 300),
            Trial(2, 0.8, 2, 20, 300),
            Trial(3, 0.7, 2.5, 10, 300),
            Trial(4, 0.95, 9, 90, 300, TrialState.Paused),
            Trial(5, 0.8, 2, 20, 300),
        ];
        Assert.That(
            TrialRanking.ParetoFront(trials, [TrialCost.Macs]).Select(t => t.Number),
            Is.EqualTo((int[])[3, 2, 1]),
            "5 is the same as 2 and came later, 4 is not finished");
        Assert.That(
            TrialRanking.ParetoFront(trials, [TrialCost.Latency]).Select(t => t.Number), Is.EqualTo((int[])[2, 1]));
        Assert.That(
            TrialRanking.ParetoFront(trials, [TrialCost.Parameters]).Select(t => t.Number), Is.EqualTo((int[])[1]));
        Assert.That(
            TrialRanking.ParetoFront(trials, [TrialCost.Latency, TrialCost.Macs]).Select(t => t.Number),
            Is.EqualTo((int[])[2, 3, 1]));
    }

    [Test]
    public void Every_trial_is_on_the_front_or_beaten_by_one_that_is([Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        var trials = Enumerable.Range(1, 40)
            .Select(i => Trial(i, random.Next(6) / 10.0, random.Next(5), random.Next(5), random.Next(5)))
            .ToList();
        var costs = Enum.GetValues<TrialCost>();
        bool AsGood(PruningTrial a, PruningTrial b) =>
            a.Accuracy >= b.Accuracy && costs.All(c => a.Cost(c) <= b.Cost(c));
        var front = TrialRanking.ParetoFront(trials, costs);
        foreach (var trial in trials) Assert.That(front.Any(f => AsGood(f, trial)), Is.True);
        foreach (var one in front)
            foreach (var other in front.Where(o => o != one)) Assert.That(AsGood(one, other), Is.False);
    }

    [Test]
    public void The_best_is_the_most_accurate_then_the_cheapest_then_the_first() =>
        Assert.That(
            TrialRanking.Ranked([
                    Trial(1, 0.8, 1, 10, 10),
                    Trial(2, 0.9, 1, 20, 10),
                    Trial(3, 0.9, 1, 10, 30),
                    Trial(4, 0.9, 1, 10, 20),
                    Trial(5, 0.9, 1, 10, 20),
                ])
                .Select(t => t.Number),
            Is.EqualTo((int[])[4, 5, 3, 2, 1]));
}
