namespace PaT.Studies.Tests;

public sealed class PublishedPlansTests
{
    [TestCase("R56-A", 773_336)]
    [TestCase("R56-B", 735_712)]
    [TestCase("R56-C", 557_954)]
    public void ResNet56_gets_the_published_sizes(string plan, long parameters) =>
        Assert.That(Pruned(plan, "resnet56-cifar-a").ParameterCount, Is.EqualTo(parameters));

    [TestCase("VGG16-A", 5_397_034)]
    [TestCase("VGG16-B", 4_212_754)]
    public void Vgg16_gets_the_published_sizes(string plan, long parameters) =>
        Assert.That(Pruned(plan, "vgg16-bn-cifar").ParameterCount, Is.EqualTo(parameters));

    [Test]
    public void Another_depth_gets_the_ratios_of_the_stages_and_nothing_is_skipped()
    {
        var widths =
            PublishedPlans.Widths("r56-b", Networks.ByName("resnet20-cifar-a").Build(new ImageShape(3, 32, 32), 10));
        Assert.That(widths.Count, Is.EqualTo(9));
        Assert.That(
            (widths["layer1.0.conv1"], widths["layer2.2.conv1"], widths["layer3.1.conv1"]),
            Is.EqualTo((6, 22, 57)),
            "int(16*0.4), int(32*0.7), int(64*0.9)");
    }

    [Test]
    public void Other_plans_fit_their_networks()
    {
        var r34 = PublishedPlans.Widths("R34-A", Networks.ByName("resnet34").Build(new ImageShape(3, 224, 224), 1000));
        Assert.That((r34.Count, r34["layer1.1.conv1"], r34["layer2.1.conv1"]), Is.EqualTo((8, 44, 89)));
        Assert.That(
            r34.Keys, Has.None.EqualTo("layer1.0.conv1").And.None.StartsWith("layer4"), "2 and 28 to 32 are skipped");
        var r50 =
            PublishedPlans.Widths("R50-GAL0.5", Networks.ByName("resnet50").Build(new ImageShape(3, 224, 224), 1000));
        Assert.That((r50.Count, r50["layer1.0.conv1"], r50["layer4.2.conv2"]), Is.EqualTo((32, 55, 435)));
        Assert.That(
            PublishedPlans.Widths("R110-B", Networks.ByName("resnet110-cifar-a").Build(new ImageShape(3, 32, 32), 10)),
            Has.Count.EqualTo(51));
    }

    [TestCase("R56-A", "vgg16-bn-cifar")]
    [TestCase("VGG16-A", "resnet56-cifar-a")]
    [TestCase("R34-A", "resnet50")]
    [TestCase("R50-GAL0.5", "resnet34")]
    [TestCase("R56-A", "resnet34")]
    [TestCase("R57-A", "resnet56-cifar-a")]
    public void A_plan_that_does_not_fit_is_named(string plan, string network)
    {
        var architecture = Networks.ByName(network);
        Assert.That(
            () => PublishedPlans.Widths(plan, architecture.Build(architecture.StandardInput, 10)),
            Throws.TypeOf<InvalidOptionsException>().With.Message.Contains(plan));
    }

    private static NetworkDefinition Pruned(string plan, string network)
    {
        var definition = Networks.ByName(network).Build(new ImageShape(3, 32, 32), 10);
        return PruningPlan.FromWidths(definition, PublishedPlans.Widths(plan, definition)).Apply(definition);
    }
}
