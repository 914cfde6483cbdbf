using Microsoft.ML.PaT.Training;

namespace Microsoft.ML.PaT.Tests;

public class RetrainingSchedulesTests
{
    private const int Steps = 782;

    /// <summary>The CIFAR protocol of ICLR 2021.</summary>
    private static readonly TrainingOptions s_original = new()
    {
        Epochs = 160,
        LearningRate = 0.1,
        Momentum = 0.9,
        Decay = LearningRateDecay.Steps,
        Milestones = [80, 120],
    };

    [TestCase(0, 0.001)]
    [TestCase(1, 0.005639)]
    [TestCase(2, 0.018688)]
    [TestCase(10, 0.09954)]
    [TestCase(20, 0.090677)]
    [TestCase(50, 0.025849)]
    public void Cyclic_restarting_has_the_published_rates(int epoch, double rate) =>
        Assert.That(
            Of(RetrainingSchedule.CyclicRestarting, 72).At((long)epoch * Steps).LearningRate,
            Is.EqualTo(rate).Within(1e-6));

    [Test]
    public void Cyclic_restarting_is_the_formula_and_ends_where_it_should()
    {
        var schedule = Of(RetrainingSchedule.CyclicRestarting, 72);
        double last = 72 * Steps - 1, top = 0.1 * 72 * Steps - 1;
        Assert.That(schedule.At((long)last).LearningRate, Is.EqualTo(1e-5).Within(1e-12));
        Assert.That(
            schedule.At(1000).LearningRate,
            Is.EqualTo(0.1 + (0.001 - 0.1) * (1 + Math.Cos(Math.PI * 1000 / top)) / 2).Within(1e-12));
        Assert.That(
            schedule.At(9000).LearningRate,
            Is.EqualTo(1e-5 + (0.1 - 1e-5) * (1 + Math.Cos(Math.PI * (9000 - top) / (last - top))) / 2).Within(1e-12));
        Assert.That(
            Create(
                    new() { Schedule = RetrainingSchedule.CyclicRestarting, Epochs = 72, FinalRate = 0.001 })
                .At((long)last)
                .LearningRate,
            Is.EqualTo(0.001).Within(1e-12));
    }

    [Test]
    public void Cyclic_restarting_varies_the_momentum_unless_disabled()
    {
        var schedule = Of(RetrainingSchedule.CyclicRestarting, 100, stepsPerEpoch: 1);
        Assert.That(schedule.At(0).Momentum, Is.EqualTo(0.95).Within(1e-12));
        Assert.That(schedule.At(9).Momentum, Is.EqualTo(0.85).Within(1e-12));
        Assert.That(schedule.At(54).Momentum, Is.EqualTo(0.90).Within(1e-12), "halfway from 9 to 99");
        Assert.That(schedule.At(99).Momentum, Is.EqualTo(0.95).Within(1e-12));
        var steady =
            Create(new() { Schedule = RetrainingSchedule.CyclicRestarting, Epochs = 72, CycleMomentum = false });
        Assert.That(new[] { 0, 20000, 50000 }.Select(step => steady.At(step).Momentum), Is.All.EqualTo(0.9));
    }

    [Test]
    public void Rewinding_replays_the_last_epochs()
    {
        var schedule = Of(RetrainingSchedule.LearningRateRewinding, 72);
        Assert.That(
            Enumerable.Range(0, 72).Select(e => schedule.At((long)e * Steps).LearningRate),
            Is.EqualTo(Enumerable.Range(0, 72).Select(e => e < 32 ? 0.01 : 0.001)).Within(1e-12));
        Assert.That(
            schedule.At(32 * Steps - 1).LearningRate,
            Is.EqualTo(0.01).Within(1e-12),
            "until the last step of epoch 31");
    }

    [Test]
    public void Rewinding_after_the_last_drop_is_fine_tuning()
    {
        var (rewound, tuned) =
            (Of(RetrainingSchedule.LearningRateRewinding, 40), Of(RetrainingSchedule.FineTuning, 40));
        for (var step = 0L; step < rewound.Steps; step += 100)
        {
            Assert.That(rewound.At(step).LearningRate, Is.EqualTo(0.001).Within(1e-12));
            Assert.That(tuned.At(step), Is.EqualTo(new StepRates(tuned.At(0).LearningRate, 0.9)));
        }
        Assert.That(tuned.At(0).LearningRate, Is.EqualTo(0.001).Within(1e-12));
    }

    [Test]
    public void Rewinding_works_for_any_original_and_replays_all_of_it_at_most()
    {
        var original = new TrainingOptions { Epochs = 10, WarmupFraction = 0.2 };
        var (whole, rewound) = (
            LearningRateSchedule.Of(original, 7),
            LearningRateSchedule.Retraining(
                new() { Schedule = RetrainingSchedule.LearningRateRewinding, Epochs = 4 }, original, 7));
        Assert.That(
            Enumerable.Range(0, 28).Select(step => rewound.At(step)),
            Is.EqualTo(Enumerable.Range(42, 28).Select(step => whole.At(step))));
        Assert.That(
            () =>
                LearningRateSchedule.Retraining(
                    new() { Schedule = RetrainingSchedule.LearningRateRewinding, Epochs = 11 },
                    original,
                    7),
            Throws.TypeOf<InvalidOptionsException>()
                .With.Message.Contains("Retraining.Epochs is 11")
                .And.Message.Contains("which has 10"));
    }

    [Test]
    public void Scaled_restarting_warms_up_and_drops_where_published()
    {
        var schedule = Of(RetrainingSchedule.ScaledRestarting, 72);
        double Rate(int epoch) => schedule.At((long)epoch * Steps + 5).LearningRate;
        for (var epoch = 0; epoch < 7; epoch++) // W = int(7.2)
        {
            Assert.That(
                Rate(epoch), Is.EqualTo(0.1 + (0.001 - 0.1) * (1 + Math.Cos(Math.PI * epoch / 7)) / 2).Within(1e-12));
        }
        Assert.That(
            new[] { 7, 38, 39, 54, 55, 71 }.Select(Rate),
            Is.EqualTo(new[] { 0.1, 0.1, 0.01, 0.01, 0.001, 0.001 }).Within(1e-12));
        Assert.That(schedule.At(6 * Steps), Is.EqualTo(schedule.At(7 * Steps - 1)), "one rate an epoch");
    }

    [TestCase(40, 4, 22, 31)]
    [TestCase(56, 5, 30, 42)]
    [TestCase(104, 10, 56, 80)]
    [TestCase(152, 15, 83, 117)]
    public void Scaled_restarting_drops_at_W_and_the_fraction_of_nine_tenths(
        int epochs, int warmUp, int first, int second)
    {
        var schedule = Of(RetrainingSchedule.ScaledRestarting, epochs, stepsPerEpoch: 1);
        var rates = Enumerable.Range(0, epochs).Select(e => schedule.At(e).LearningRate).ToList();
        Assert.That(rates.FindIndex(r => r > 0.0999999), Is.EqualTo(warmUp));
        Assert.That(rates.FindIndex(warmUp, r => r < 0.0999), Is.EqualTo(first));
        Assert.That(rates.FindIndex(warmUp, r => r < 0.00999), Is.EqualTo(second));
    }

    [Test]
    public void Linear_rises_from_zero_along_a_cosine_and_falls_to_zero_in_a_line()
    {
        var schedule = Of(RetrainingSchedule.Linear, 10, stepsPerEpoch: 100); // the rise ends at step 99
        Assert.That(schedule.At(0).LearningRate, Is.Zero);
        Assert.That(schedule.At(33).LearningRate, Is.EqualTo(0.1 * (1 - Math.Cos(Math.PI / 3)) / 2).Within(1e-12));
        Assert.That(schedule.At(99).LearningRate, Is.EqualTo(0.1).Within(1e-12));
        Assert.That(schedule.At(549).LearningRate, Is.EqualTo(0.05).Within(1e-12), "halfway from 99 to 999");
        Assert.That(schedule.At(999).LearningRate, Is.EqualTo(0).Within(1e-12));
    }

    [TestCase(40, 0.1, 0.025, TestName = "the fraction of the epochs decides")]
    [TestCase(40, 0.6, 0.06, TestName = "the weights decide")]
    [TestCase(40, 1.2, 0.1, TestName = "never more than the peak")]
    [TestCase(320, 0.1, 0.1, TestName = "longer than the original")]
    public void Adaptive_linear_lowers_the_peak(int epochs, double weightChange, double peak)
    {
        var schedule = LearningRateSchedule.Retraining(
            new() { Schedule = RetrainingSchedule.AdaptiveLinear, Epochs = epochs }, s_original, 10, weightChange);
        Assert.That(schedule.At(epochs - 1).LearningRate, Is.EqualTo(peak).Within(1e-12));
    }

    [Test]
    public void Weight_change_is_the_removed_norm_relative_to_the_removed_fraction()
    {
        // w = (3, 4, 12), pruned to (0, 4, 12): ||w - w_pruned|| / ||w|| = 3/13, s = 1/3
        Assert.That(
            RetrainingSchedules.WeightChange(13, Math.Sqrt(160), 1.0 / 3),
            Is.EqualTo(3 / 13.0 / Math.Sqrt(1.0 / 3)).Within(1e-12));
        Assert.That(RetrainingSchedules.WeightChange(13, 13, 0), Is.Zero);
    }

    [Test]
    public void A_schedule_may_span_a_whole_run()
    {
        var training = s_original with { Schedule = RetrainingSchedule.CyclicRestarting };
        var (run, retraining) = (
            LearningRateSchedule.Of(training, 5),
            LearningRateSchedule.Retraining(new() { Epochs = 160 }, s_original, 5));
        Assert.That(
            Enumerable.Range(0, 800).Select(step => run.At(step)),
            Is.EqualTo(Enumerable.Range(0, 800).Select(step => retraining.At(step))));
        var rewound =
            LearningRateSchedule.Of(s_original with { Schedule = RetrainingSchedule.LearningRateRewinding }, 5);
        Assert.That(rewound.At(401), Is.EqualTo(LearningRateSchedule.Of(s_original, 5).At(401)), "all of it again");
    }

    [Test]
    public void Every_schedule_is_finite_and_in_its_range_however_short(
        [Values] RetrainingSchedule name, [Values(1, 2, 9, 10, 11, 30)] int epochs, [Values(1, 3)] int steps)
    {
        TrainingOptions[] originals =
        [
            s_original,
            new() { LearningRate = 0.1, Epochs = 30 },
            new() { LearningRate = 0.1, Epochs = 30, Decay = LearningRateDecay.Cosine },
        ];
        foreach (var original in originals)
        {
            var schedule =
                LearningRateSchedule.Retraining(new() { Schedule = name, Epochs = epochs }, original, steps, 0.5);
            for (var step = 0L; step < schedule.Steps; step++)
            {
                Assert.That(schedule.At(step).LearningRate, Is.InRange(-1e-15, 0.1 + 1e-12));
                Assert.That(schedule.At(step).Momentum, Is.InRange(0.85 - 1e-12, 0.95 + 1e-12));
            }
            Assert.That(() => schedule.At(schedule.Steps), Throws.TypeOf<ArgumentOutOfRangeException>());
        }
    }

    [TestCase(RetrainingSchedule.CyclicRestarting, 0.1, 0.85)]
    [TestCase(RetrainingSchedule.Linear, 0.1, 0.9)]
    [TestCase(RetrainingSchedule.AdaptiveLinear, 0.05, 0.9)]
    public void A_single_step_has_the_peak(RetrainingSchedule name, double rate, double momentum)
    {
        var rates = new RetrainingOptions { Schedule = name, Epochs = 1 }.Rates(s_original, 1, weightChange: 0.5);
        Assert.That(rates.Single().LearningRate, Is.EqualTo(rate).Within(1e-12));
        Assert.That(rates.Single().Momentum, Is.EqualTo(momentum).Within(1e-12));
    }

    [Test]
    public void Rates_are_refused_at_the_call()
    {
        var cyclic = new RetrainingOptions { Epochs = 1 };
        Refuses<ArgumentNullException>(cyclic, null!, "original");
        Refuses<ArgumentOutOfRangeException>(cyclic, s_original, "stepsPerEpoch", steps: 0);
        Refuses<ArgumentOutOfRangeException>(cyclic, s_original, "weightChange", change: -0.1);
        Refuses<ArgumentOutOfRangeException>(cyclic, s_original, "weightChange", change: double.NaN);
        Refuses<InvalidOptionsException>(cyclic with { Epochs = null }, s_original, "Retraining.Epochs is not given");
        foreach (var name in Enum.GetValues<RetrainingSchedule>())
        {
            var options = new RetrainingOptions { Schedule = name, Epochs = 1 };
            Refuses<InvalidOptionsException>(options, s_original with { Epochs = 0 }, "original.Epochs is 0");
            Refuses<InvalidOptionsException>(options, s_original with { Gamma = 2 }, "original.Gamma is 2");
        }

        static void Refuses<T>(
            RetrainingOptions options, TrainingOptions original, string named, int steps = 1, double change = 0)
            where T : Exception => Assert.That(
                () =>
                {
                    _ = options.Rates(original, steps, change);
                },
                Throws.TypeOf<T>().With.Message.Contains(named));
    }

    private static IEnumerable<TestCaseData> Invalid()
    {
        yield return new("Retraining.Epochs is 0", new RetrainingOptions { Epochs = 0 });
        yield return new("Retraining.Epochs is not given", new RetrainingOptions());
        yield return new("Retraining.LowRate is 0.2", new RetrainingOptions { Epochs = 5, LowRate = 0.2 });
        yield return new("Retraining.LowRate is 0", new RetrainingOptions { Epochs = 5, LowRate = 0 });
        yield return new("Retraining.FinalRate is -1", new RetrainingOptions { Epochs = 5, FinalRate = -1 });
        yield return new(
            "no meaning with ft",
            new RetrainingOptions { Epochs = 5, FinalRate = 0.01, Schedule = RetrainingSchedule.FineTuning });
        yield return new("LowRate has no meaning with clr", new RetrainingOptions { Epochs = 5, LowRate = 0.01 });
        yield return new(
            "CycleMomentum has no meaning with llr",
            new RetrainingOptions { Epochs = 5, CycleMomentum = false, Schedule = RetrainingSchedule.Linear });
        yield return new(
            "Retraining.Schedule is 7",
            new RetrainingOptions { Epochs = 5, FinalRate = 0.01, Schedule = (RetrainingSchedule)7 });
    }

    [TestCaseSource(nameof(Invalid))]
    public void Value_out_of_range_is_named(string expected, RetrainingOptions options) =>
        Assert.That(() => Create(options), Throws.TypeOf<InvalidOptionsException>().With.Message.Contains(expected));

    [Test]
    public void Names_are_those_of_the_papers() =>
        Assert.That(
            Enum.GetValues<RetrainingSchedule>().Select(RetrainingSchedules.NameOf),
            Is.EqualTo(new[] { "ft", "lrw", "slr", "clr", "llr", "allr" }));

    [Test]
    public void Rates_are_those_of_every_step()
    {
        var options = new RetrainingOptions { Schedule = RetrainingSchedule.AdaptiveLinear, Epochs = 3 };
        var schedule = LearningRateSchedule.Retraining(options, s_original, 4, 0.5);
        Assert.That(
            options.Rates(s_original, 4, 0.5),
            Is.EqualTo(
                Enumerable.Range(0, 12).Select(step => (schedule.At(step).LearningRate, schedule.At(step).Momentum))));
    }

    private static LearningRateSchedule Of(RetrainingSchedule schedule, int epochs, int stepsPerEpoch = Steps) =>
        LearningRateSchedule.Retraining(new() { Schedule = schedule, Epochs = epochs }, s_original, stepsPerEpoch);

    private static LearningRateSchedule Create(RetrainingOptions options) =>
        LearningRateSchedule.Retraining(options, s_original, Steps);
}
