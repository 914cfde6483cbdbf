using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

public class DropoutTests
{
    [Test]
    public void Draws_from_the_generator_of_the_run()
    {
        using var one = new torch.Generator(1);
        using var same = new torch.Generator(1);
        using var other = new torch.Generator(2);
        using var network = TinyNetworks.Trainable(Definition());
        using var scope = torch.NewDisposeScope();
        var first = Output(network, one);
        TensorAssert.Close(Output(network, same), first, 0);
        Assert.That(Output(network, other).eq(first).all().item<bool>(), Is.False);

        // The generator is the only state.
        var state = one.get_state();
        var second = Output(network, one);
        one.set_state(state);
        TensorAssert.Close(Output(network, one), second, 0);
        Assert.That(second.eq(first).all().item<bool>(), Is.False);
    }

    [Test]
    public void A_cut_goes_on_with_the_numbers_and_does_not_repeat_them()
    {
        using var generator = new torch.Generator(1);
        using var network = TinyNetworks.Trainable(Definition());
        using var scope = torch.NewDisposeScope();
        var groups = ChannelGroups.Of(network.Definition);
        using var whole = network.Prune(
            new(groups, new(groups.Groups.ToDictionary(g => g.Name, g => Enumerable.Range(0, g.Width).ToArray()))));
        var before = Output(network, generator);
        Assert.That(Output(whole, generator).eq(before).all().item<bool>(), Is.False);
    }

    [Test]
    public void Does_not_draw_in_evaluation()
    {
        using var generator = new torch.Generator(1);
        using var network = TinyNetworks.Trainable(Definition());
        using var scope = torch.NewDisposeScope();
        var state = generator.get_state();
        network.Module.Train(generator);
        network.Module.eval();
        network.Module.call(TinyNetworks.Images(network.Definition, 2));
        Assert.That(generator.get_state().eq(state).all().item<bool>());
    }

    [Test]
    public void Needs_a_generator_to_train()
    {
        using var network = TinyNetworks.Trainable(Definition());
        using var scope = torch.NewDisposeScope();
        network.Module.train();
        Assert.That(
            () => network.Module.call(TinyNetworks.Images(network.Definition, 2)), Throws.InvalidOperationException);
    }

    private static torch.Tensor Output(TrainableNetwork network, torch.Generator generator)
    {
        network.Module.Train(generator);
        return network.Module.call(TinyNetworks.Images(network.Definition, 2)).detach();
    }

    private static NetworkDefinition Definition()
    {
        var builder = new NetworkBuilder("dropout", new(3, 4, 4));
        var x = builder.Dropout("dropout", builder.Convolution("conv", NetworkDefinition.InputName, 8, kernel: 3), 0.5);
        x = builder.Residual("add", x, y =>
            builder.StochasticDepth("depth", builder.Convolution("branch", y, 8, kernel: 3), 0.5));
        builder.Linear("fc", builder.Flatten("flatten", x), 3);
        return builder.Build();
    }
}
