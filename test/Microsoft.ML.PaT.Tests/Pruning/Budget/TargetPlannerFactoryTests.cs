using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Budget;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

public class TargetPlannerFactoryTests
{
    [Test]
    public void Default_step_follows_from_the_network_and_measures_nothing() =>
        Assert.That(StepOf(new(), Networks.ResNet20), Is.EqualTo((2, 0)));

    [Test]
    public void Default_step_is_halved_until_a_narrow_network_reaches_the_target()
    {
        var options = new PruningOptions { Target = PruningTarget.Channels(0.96) };
        var (step, files) = StepOf(options, Networks.ResNet20);
        Assert.That((step, files), Is.EqualTo((1, 0)), "2 channels in every layer remove 94.5% at most");
    }

    [Test]
    public void Given_step_is_taken_as_it_is() =>
        Assert.That(StepOf(new() { RoundTo = 3 }, Networks.ResNet20), Is.EqualTo((3, 0)));

    [Test]
    public void Step_is_measured_only_where_that_is_asked_for()
    {
        var (step, files) = StepOf(new() { MeasureRoundTo = true }, Networks.ResNet20);
        Assert.That(step, Is.AnyOf(1, 4, 8, 16));
        Assert.That(files, Is.EqualTo(1));
    }

    private static (int Step, int MeasuredFiles) StepOf(PruningOptions options, NetworkArchitecture network)
    {
        using var folder = new TemporaryFolder();
        var groups = ChannelGroups.Of(network.Build(new(3, 32, 32), 10));
        var planner =
            TargetPlannerFactory.For(options.Budget, groups, torch.CPU, new MeasurementCache(folder.Name, "a machine"));
        return (planner.Step, Directory.GetFiles(folder.Name).Length);
    }
}
