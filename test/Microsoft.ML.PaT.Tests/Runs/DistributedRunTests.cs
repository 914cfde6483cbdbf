using Microsoft.ML.PaT.Runs;

namespace Microsoft.ML.PaT.Tests;

public class DistributedRunTests
{
    private static readonly PruningAwareTrainingOptions s_options = new()
    {
        Training = new() { BatchSize = 64, LearningRate = 0.1 },
        Pruning = new() { Retraining = new() { Epochs = 5, LowRate = 0.002, FinalRate = 0.004 } },
    };

    [TestCase(LearningRateScaling.None, 1)]
    [TestCase(LearningRateScaling.Linear, 2)]
    [TestCase(LearningRateScaling.SquareRoot, 1.4142135623730951)]
    public void All_rates_scale_by_the_same_factor(LearningRateScaling scaling, double factor)
    {
        var scaled = Scaled(s_options, scaling);
        Assert.That(scaled.Training.BatchSize, Is.EqualTo(128));
        Assert.That(scaled.Training.LearningRate, Is.EqualTo(0.1 * factor).Within(1e-12));
        Assert.That(scaled.Pruning.Retraining!.LowRate, Is.EqualTo(0.002 * factor).Within(1e-12));
        Assert.That(scaled.Pruning.Retraining!.FinalRate, Is.EqualTo(0.004 * factor).Within(1e-12));
    }

    [TestCase(RetrainingSchedule.FineTuning, 0.001, null)]
    [TestCase(RetrainingSchedule.ScaledRestarting, 0.001, null)]
    [TestCase(RetrainingSchedule.CyclicRestarting, null, 1e-5)]
    public void A_default_that_is_written_out_changes_nothing(RetrainingSchedule name, double? low, double? final)
    {
        var implied = new RetrainingOptions { Schedule = name, Epochs = 20 };
        Assert.That(Rates(implied with { LowRate = low, FinalRate = final }), Is.EqualTo(Rates(implied)).Within(1e-12));

        static IEnumerable<double> Rates(RetrainingOptions retraining)
        {
            var options = Scaled(
                s_options with { Pruning = new() { Retraining = retraining } }, LearningRateScaling.Linear);
            return options.Pruning.Retraining!.Rates(options.Training, 3).Select(r => r.LearningRate);
        }
    }

    private static PruningAwareTrainingOptions Scaled(
        PruningAwareTrainingOptions options, LearningRateScaling scaling) =>
        DistributedRun.OptionsOf(
            options with { Distributed = new() { BatchPerProcess = true, LearningRateScaling = scaling } },
            new RecordedRanks(),
            IRunObserver.Of(_ => { }));
}
