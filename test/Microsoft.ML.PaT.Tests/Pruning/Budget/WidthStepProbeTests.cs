using Microsoft.ML.PaT.Pruning.Budget;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

public class WidthStepProbeTests
{
    // Milliseconds per million MACs at steps of 1, 4, 8 and 16.
    [TestCase(1, 1.0, 1.0, 1.0, 1.0)]
    [TestCase(8, 3.6, 1.3, 1.0, 1.0)]
    [TestCase(8, 3.6, 1.3, 1.05, 1.0)]
    [TestCase(16, 3.6, 1.3, 1.2, 1.0)]
    [TestCase(4, 2.0, 1.09, 1.0, 1.5)]
    public void The_smallest_step_about_as_cheap_as_the_cheapest_is_chosen(int expected, params double[] costs)
    {
        int[] steps = [1, 4, 8, 16];
        Assert.That(
            WidthStepProbe.Choose((step, width) => costs[Array.IndexOf(steps, step)] * width * width),
            Is.EqualTo(expected));
    }

    [Test]
    public void Every_width_tried_belongs_to_its_step_and_to_no_larger_one() => WidthStepProbe.Choose((step, width) =>
    {
        Assert.That(width % step, Is.Zero);
        Assert.That(new[] { 4, 8, 16 }.Where(larger => larger > step).Select(larger => width % larger), Has.None.Zero);
        return width * width;
    });

    [Test]
    public void Measurement_is_cached()
    {
        var folder = Directory.CreateTempSubdirectory("pat-steps-").FullName;
        var step = WidthStepProbe.Of(torch.CPU, new(folder, "a machine"));
        Assert.That(step, Is.AnyOf(1, 4, 8, 16));
        Assert.That(WidthStepProbe.Of(torch.CPU, new(folder, "a machine")), Is.EqualTo(step));
        Assert.That(Directory.GetFiles(folder), Has.Length.EqualTo(1));
        Directory.Delete(folder, recursive: true);
    }
}
