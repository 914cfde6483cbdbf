using Microsoft.ML.PaT.Training;

namespace Microsoft.ML.PaT.Tests;

public class LossScaleTests
{
    [Test]
    public void It_doubles_after_2000_good_steps_and_halves_at_an_overflow()
    {
        var scale = new LossScale();
        for (var step = 0; step < 1999; step++) scale.Update(finite: true);
        Assert.That((scale.Factor, scale.GoodSteps), Is.EqualTo((65536.0, 1999)));
        scale.Update(finite: true);
        Assert.That((scale.Factor, scale.GoodSteps), Is.EqualTo((131072.0, 0)));
        for (var step = 0; step < 500; step++) scale.Update(finite: true);
        scale.Update(finite: false);
        Assert.That(
            (scale.Factor, scale.GoodSteps),
            Is.EqualTo((65536.0, 0)),
            "an overflow starts the count anew");
        for (var step = 0; step < 40000; step++) scale.Update(finite: true);
        Assert.That(scale.Factor, Is.EqualTo(16777216), "at its highest it stays");
    }

    [Test]
    public void An_overflow_at_the_lowest_scale_is_a_divergence()
    {
        var (scale, resumed) = (new LossScale(), new LossScale());
        for (var halvings = 0; halvings < 16; halvings++) scale.Update(finite: false);
        Assert.That((scale.Factor, scale.IsExhausted), Is.EqualTo((1.0, false)), "it was not tried yet");
        using var state = scale.State();
        resumed.Restore(state);
        Assert.That(resumed.IsExhausted, Is.False);
        foreach (var next in new[] { scale, resumed })
        {
            next.Update(finite: true);
            Assert.That(next.IsExhausted, Is.False);
            next.Update(finite: false);
            Assert.That((next.Factor, next.IsExhausted), Is.EqualTo((1.0, true)));
        }
        var straight = new LossScale();
        for (var overflows = 0; overflows < 17; overflows++) straight.Update(finite: false);
        Assert.That(straight.IsExhausted, Is.True);
    }

    [Test]
    public void Gradients_lose_the_factor_and_those_that_overflow_are_cleared()
    {
        using var network = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        var scale = new LossScale();
        network.Decayed.Gradients.fill_(65536 * 0.25);
        network.Undecayed.Gradients.fill_(65536);
        Assert.That(scale.Unscale(network), Is.True);
        Assert.That(
            (network.Decayed.Gradients.max().item<float>(), network.Undecayed.Gradients.min().item<float>()),
            Is.EqualTo((0.25f, 1f)));
        network.Tensors["fc.bias"].grad!.fill_(float.PositiveInfinity);
        Assert.That(scale.Unscale(network), Is.False);
        Assert.That(
            network.Decayed.Gradients.abs().max().item<float>() + network.Undecayed.Gradients.abs().max().item<float>(),
            Is.Zero);
        Assert.That(scale.Factor, Is.EqualTo(32768));
    }

    [Test]
    public void It_goes_on_from_a_checkpoint()
    {
        var (scale, restored) = (new LossScale(), new LossScale());
        for (var step = 0; step < 2345; step++) scale.Update(finite: step != 100);
        using var state = scale.State();
        restored.Restore(state);
        Assert.That(
            (restored.Factor, restored.GoodSteps), Is.EqualTo((scale.Factor, scale.GoodSteps)));
        Assert.That(scale.GoodSteps, Is.Positive);
    }
}
