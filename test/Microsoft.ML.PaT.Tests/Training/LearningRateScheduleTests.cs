using Microsoft.ML.PaT.Training;

namespace Microsoft.ML.PaT.Tests;

public class LearningRateScheduleTests
{
    [Test]
    public void Rises_in_a_line_and_falls_in_a_line()
    {
        var schedule = LearningRateSchedule.Of(
            new()
            {
                Epochs = 10,
                LearningRate = 1,
                WarmupFraction = 0.2,
                Decay = LearningRateDecay.Linear,
                Momentum = 0.8,
            },
            10);
        Assert.That(
            new[] { 0, 19, 20, 60, 99 }.Select(step => schedule.At(step).LearningRate),
            Is.EqualTo(new[] { 0.05, 1, 1, 0.5, 1 / 80.0 }).Within(1e-12));
        Assert.That(new[] { 0, 99 }.Select(step => schedule.At(step).Momentum), Is.All.EqualTo(0.8));
    }

    [Test]
    public void Falls_along_half_a_cosine()
    {
        var schedule = LearningRateSchedule.Of(
            new() { Epochs = 10, LearningRate = 2, WarmupFraction = 0, Decay = LearningRateDecay.Cosine }, 10);
        Assert.That(
            new[] { 0, 50, 75 }.Select(step => schedule.At(step).LearningRate),
            Is.EqualTo(new[] { 2, 1, 1 + Math.Cos(Math.PI * 0.75) }).Within(1e-12));
    }

    [Test]
    public void Drops_at_the_start_of_the_epochs_given()
    {
        var schedule = LearningRateSchedule.Of(
            new()
            {
                Epochs = 160,
                LearningRate = 0.1,
                Decay = LearningRateDecay.Steps,
                Milestones = [80, 120],
                Gamma = 0.2,
            },
            3);
        Assert.That(
            new[] { 0, 239, 240, 359, 360, 479 }.Select(step => schedule.At(step).LearningRate),
            Is.EqualTo(new[] { 0.1, 0.1, 0.02, 0.02, 0.004, 0.004 }).Within(1e-12));
    }

    [Test]
    public void Every_drop_given_is_met_to_the_epoch([Range(3, 200, 13)] int epochs)
    {
        for (var drop = 1; drop < epochs; drop++)
        {
            var schedule = LearningRateSchedule.Of(
                new() { Epochs = epochs, LearningRate = 1, Decay = LearningRateDecay.Steps, Milestones = [drop] }, 1);
            Assert.That((schedule.At(drop - 1).LearningRate, schedule.At(drop).LearningRate), Is.EqualTo((1.0, 0.1)));
        }
    }

    [Test]
    public void Default_milestones_are_one_half_and_three_quarters()
    {
        var schedule =
            LearningRateSchedule.Of(new() { Epochs = 8, LearningRate = 1, Decay = LearningRateDecay.Steps }, 1);
        Assert.That(
            Enumerable.Range(0, 8).Select(step => schedule.At(step).LearningRate),
            Is.EqualTo(new[] { 1, 1, 1, 1, 0.1, 0.1, 0.01, 0.01 }).Within(1e-12));
    }
}
