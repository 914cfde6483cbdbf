namespace Microsoft.ML.PaT.Tests;

public class LearningRateScheduleTests
{
    [Test]
    public void Rises_in_a_line_and_falls_in_a_line()
    {
        var schedule = new LearningRateSchedule(new() { LearningRate = 1, WarmUpShare = 0.2, Decay = LearningRateDecay.Linear }, 100);
        Assert.That(schedule.At(0), Is.EqualTo(0.05).Within(1e-12));
        Assert.That(schedule.At(19), Is.EqualTo(1).Within(1e-12));
        Assert.That(schedule.At(20), Is.EqualTo(1).Within(1e-12));
        Assert.That(schedule.At(60), Is.EqualTo(0.5).Within(1e-12));
        Assert.That(schedule.At(99), Is.EqualTo(1 / 80.0).Within(1e-12));
    }

    [Test]
    public void Falls_along_half_a_cosine()
    {
        var schedule = new LearningRateSchedule(new() { LearningRate = 2, WarmUpShare = 0, Decay = LearningRateDecay.Cosine }, 100);
        Assert.That(schedule.At(0), Is.EqualTo(2).Within(1e-12));
        Assert.That(schedule.At(50), Is.EqualTo(1).Within(1e-12));
        Assert.That(schedule.At(75), Is.EqualTo(1 + Math.Cos(Math.PI * 0.75)).Within(1e-12));
    }
}
