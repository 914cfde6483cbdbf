using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Policies;

namespace Microsoft.ML.PaT.Tests;

public class ChannelMaskTests
{
    [TestCase("1100", "1100", 0, 0)]
    [TestCase("1100", "0011", 1, 1)]
    [TestCase("1100", "1010", 0.5, 2 / 3.0)]
    [TestCase("110000000000", "110000000001", 1 / 12.0, 1 / 3.0)]
    [TestCase("0000", "0000", 0, 0)]
    public void Distance_is_the_fraction_of_differing_bits_and_churn_that_of_kept_bits(
        string one, string other, double distance, double churn)
    {
        Assert.That(Observed(one).MaskDistance(Observed(other)), Is.EqualTo(distance).Within(1e-15));
        Assert.That(Masks.Of(one).Churn(Masks.Of(other)), Is.EqualTo(churn).Within(1e-15));
    }

    [Test]
    public void A_plan_becomes_a_mask_group_after_group_and_text_and_back()
    {
        var groups = ChannelGroups.Of(TinyNetworks.ResNet8());
        var plan = new PruningPlan(groups.Groups.ToDictionary(g => g.Name, g => new[] { 0, g.Width - 1 }));
        var bits = string.Concat(groups.Groups.Select(g => "1" + new string('0', g.Width - 2) + "1"));
        var mask = ChannelMask.Of(plan, groups);
        Assert.That(mask.ToString(), Is.EqualTo(Masks.Of(bits).ToString()));
        Assert.That(ChannelMask.Parse(mask.ToString(), mask.Count), Is.EqualTo(mask));
    }

    [Test]
    public void Masks_of_different_networks_cannot_be_compared()
    {
        Assert.That(() => Observed("1").MaskDistance(Observed("11")), Throws.ArgumentException);
        Assert.That(() => ChannelMask.Parse("AA==", 9), Throws.TypeOf<FormatException>());
    }

    private static PolicyObservation Observed(string bits) =>
        new() { Epoch = 0, Epochs = 1, Counts = [1], Kept = Masks.Of(bits) };
}
