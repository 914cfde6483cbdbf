namespace Microsoft.ML.PaT.Tests;

/// <summary>docs/decisions/determinism.md</summary>
public class DeterminismTests
{
    [TestCase(1)]
    [TestCase(2)]
    public void The_same_run_on_as_many_threads_gives_the_same_weights(int threads)
    {
        var options = TinyRun.Options with { Threads = threads };
        using var one = new TinyRun(options);
        using var other = new TinyRun(options);
        Assert.That(other.Weights, Is.EqualTo(one.Weights));
    }

    [Test]
    public void Another_number_of_threads_sees_the_same_images_in_the_same_order()
    {
        // One and two threads both divide 96 images evenly, so the batches are equal, but sums over them are added in
        // another order.
        using var one = new TinyRun(TinyRun.Options);
        using var two = new TinyRun(TinyRun.Options with { Threads = 2 });
        Assert.That(two.Report.Epochs[0].TrainLoss, Is.EqualTo(one.Report.Epochs[0].TrainLoss).Within(1e-2));
    }
}
