using Microsoft.ML.PaT.Runs;

namespace Microsoft.ML.PaT.Tests;

public class InitialNetworkTests
{
    [Test]
    public void Options_for_given_weights_have_a_remark_each_where_none_are_given()
    {
        var training = new TrainingOptions { FitClassifierFirst = true, Freeze = ["conv1"], FreezeBatchNorm = true };
        var advice = InitialNetwork.Advice(training, isGiven: false).ToList();
        Assert.That(advice, Has.Count.EqualTo(3).And.All.Contains("no weights are given"));
        Assert.That(advice[0], Does.Contain("training.fitClassifierFirst"));
        Assert.That(advice[1], Does.StartWith("Layers are frozen at random weights"));
        Assert.That(advice[2], Does.StartWith("Batch-norms keep the statistics"));
        Assert.That(InitialNetwork.Advice(training with { LearningRate = 0.01 }, isGiven: true), Is.Empty);
        Assert.That(InitialNetwork.Advice(new(), isGiven: false), Is.Empty);
        Assert.That(
            InitialNetwork.Advice(training, isGiven: true), Has.One.Contains("the default learning rate, 0.2"));
    }
}
