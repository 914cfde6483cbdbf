using Microsoft.ML.PaT.Results;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

public class MemoryFormatProbeTests
{
    [TestCase(true, 10, 20, true)]
    [TestCase(true, 20, 10, false)]
    [TestCase(false, 10, 20, true)]
    [TestCase(false, 20, 10, false)]
    [TestCase(true, 10, 9.6, true)] // within the noise the rule decides
    [TestCase(false, 9.6, 10, false)]
    public void The_rule_gives_way_to_what_is_clearly_faster(bool rule, double last, double first, bool expected) =>
        Assert.That(
            MemoryFormatProbe.Choose(rule, channelsLast => channelsLast ? last : first).ChannelsLast,
            Is.EqualTo(expected));

    [Test]
    public void Measurement_is_cached_and_another_network_is_measured()
    {
        using var folder = new TemporaryFolder();
        var options = new TrainingOptions { BatchSize = 8, MemoryFormat = MemoryFormat.Measured };
        var first = Choose(TinyNetworks.ResNet8());
        Assert.That(first.Reason, Does.Match(@"^[0-9.]+ ms per step, [0-9.]+ ms in the other format$"));
        Assert.That(Choose(TinyNetworks.ResNet8()), Is.EqualTo(first), "to the tenth of a millisecond");
        var before = Measurements();
        Choose(TinyNetworks.Half(TinyNetworks.ResNet8()));
        Assert.That(Measurements(), Is.EqualTo(before + 2));

        MemoryFormatChoice Choose(NetworkDefinition network) =>
            MemoryFormatProbe.Choose(network, torch.CPU, options, new(folder.Name, "a machine"));

        int Measurements() => File.ReadAllText(Directory.GetFiles(folder.Name).Single()).Split("training ").Length - 1;
    }

    [TestCase(1, 1, 128)] // at most
    [TestCase(2, 8, 64)]
    [TestCase(1024, 8, 1)]
    public void A_micro_batch_of_one_process_is_timed(int steps, int ranks, int images)
    {
        var options = new TrainingOptions { BatchSize = 1024, GradientAccumulationSteps = steps };
        Assert.That(MemoryFormatProbe.Batch(options, ranks), Is.EqualTo(images));
    }

    [TestCase(MemoryFormat.ChannelsFirst, false)]
    [TestCase(MemoryFormat.ChannelsLast, true)]
    [TestCase(MemoryFormat.Automatic, true)]
    public void Requested_format_is_not_measured(MemoryFormat layout, bool expected)
    {
        using var folder = new TemporaryFolder();
        Assert.That(
            MemoryFormatProbe.Choose(
                    TinyNetworks.ResNet8(), torch.CPU, new() { MemoryFormat = layout }, new(folder.Name, "a machine"))
                .ChannelsLast,
            Is.EqualTo(expected));
        Assert.That(Directory.GetFiles(folder.Name), Is.Empty);
    }

    [TestCase(MemoryFormat.ChannelsFirst, "channels-first")]
    [TestCase(MemoryFormat.ChannelsLast, "channels-last")]
    public void Runs_in_either_layout_learn_the_same_and_say_which_it_was(MemoryFormat layout, string name)
    {
        using var other = new TinyRun(TinyRun.Options);
        using var run =
            new TinyRun(TinyRun.Options with { Training = TinyRun.Options.Training with { MemoryFormat = layout } });
        Assert.That(run.Report.MemoryFormat, Is.EqualTo(new MemoryFormatReport(name, name)));
        Assert.That(run.Events, Has.Some.EqualTo($"Memory format {name}: as given."));
        Assert.That(run.Report.Epochs[0].TrainLoss, Is.EqualTo(other.Report.Epochs[0].TrainLoss).Within(1e-3));
    }
}
