using Microsoft.ML.PaT.Modeling;

namespace Microsoft.ML.PaT.Tests;

public class NetworkDefinitionTests
{
    [Test]
    public void Survives_a_round_trip_through_json()
    {
        var definition = Networks.ResNet20.Build(new(3, 32, 32), 10);
        var copy = NetworkDefinition.FromJson(definition.ToJson());
        Assert.That(copy.ToJson(), Is.EqualTo(definition.ToJson()));
        Assert.That(NetworkCost.Of(copy), Is.EqualTo(NetworkCost.Of(definition)));
        Assert.That(copy.Classes, Is.EqualTo(10));
    }

    [TestCase("", "not a network definition")]
    [TestCase("{}", "not a network definition")]
    [TestCase("[1,2", "not a network definition")]
    [TestCase("""{"version":99,"name":"x","input":{"channels":3,"height":8,"width":8},"layers":[]}""", "version 99")]
    [TestCase("""{"version":1,"name":"x","input":{"channels":3,"height":8,"width":8},"layers":[]}""", "no layers")]
    [TestCase(
        """{"version":1,"name":"x","input":{"channels":3,"height":8,"width":8},"layers":[{"kind":"process","name":"a","inputs":["input"]}]}""",
        "not a network definition")]
    public void Refuses_what_is_no_definition(string json, string why) =>
        Assert.That(
            () => NetworkDefinition.FromJson(json),
            Throws.TypeOf<InvalidOptionsException>().With.Message.Contains(why));

    [Test]
    public void Names_the_layer_that_reads_what_is_not_there() => Assert.That(
        () => new NetworkDefinition("x", new(3, 8, 8), [new ActivationLayer("a", ["b"], ActivationFunction.Relu)]),
        Throws.TypeOf<InvalidOptionsException>().With.Message.Contains("'a'").And.Message.Contains("'b'"));

    [Test]
    public void Names_layers_that_no_layer_reads()
    {
        var network = new NetworkDefinition(
            "x",
            new(3, 8, 8),
            [
                new ActivationLayer("a", ["input"], ActivationFunction.Relu),
                new ActivationLayer("b", ["a"], ActivationFunction.Relu),
                new GlobalAveragePoolLayer("c", ["a"]),
            ]);
        Assert.That(
            () => NetworkArchitecture.Of(network).Build(network.Input, network.Classes),
            Throws.TypeOf<InvalidOptionsException>().With.Message.Contains("no other layer reads: 'b'"));
    }

    [Test]
    public void Names_the_layer_whose_widths_do_not_fit() => Assert.That(
        () => new NetworkDefinition("x", new(3, 8, 8), [new BatchNormLayer("norm", ["input"], 4)]),
        Throws.TypeOf<InvalidOptionsException>().With.Message.Contains("'norm'").And.Message.Contains("gives 3"));

    [Test]
    public void Refuses_a_name_used_twice() =>
        Assert.That(
            () =>
                new NetworkDefinition(
                    "x",
                    new(3, 8, 8),
                    [
                        new ActivationLayer("a", ["input"], ActivationFunction.Relu),
                        new ActivationLayer("a", ["input"], ActivationFunction.Relu),
                    ]),
            Throws.TypeOf<InvalidOptionsException>().With.Message.Contains("'a'"));

    [Test]
    public void Refuses_images_that_a_kernel_does_not_fit_on() =>
        Assert.That(
            () =>
                new NetworkDefinition(
                    "x",
                    new(3, 2, 2),
                    [new ConvolutionLayer("conv", ["input"], 3, 4, 5, 1, 0, Bias: false)]),
            Throws.TypeOf<InvalidOptionsException>().With.Message.Contains("'conv'"));

    [Test]
    public void Refuses_a_sum_of_different_shapes() =>
        Assert.That(
            () =>
                new NetworkDefinition(
                    "x",
                    new(3, 8, 8),
                    [
                        new ConvolutionLayer("conv", ["input"], 3, 4, 3, 1, 1, Bias: true),
                        new AddLayer("sum", ["conv", "input"]),
                    ]),
            Throws.TypeOf<InvalidOptionsException>().With.Message.Contains("'sum'"));
}
