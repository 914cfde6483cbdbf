using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.PaT.Modeling;
using NUnit.Framework.Internal;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

/// <summary>
/// Prunes 300 random networks of all operators twice. A failing network is shrunk to the smallest one that still fails.
/// </summary>
public class RandomNetworkTests
{
    private const int Parts = 10, NetworksPerPart = 30;

    [Test]
    public void Compact_is_masked_dense_on_random_networks([Range(1, Parts)] int part) => ForAll(part, recipe =>
    {
        var dense = recipe.Build();
        var compact = SurgeryAssert.Equal(dense, groups => TinyNetworks.RandomPlan(groups, part), torch.float64, part);
        Assert.That(NetworkDefinition.FromJson(compact.ToJson()).ToJson(), Is.EqualTo(compact.ToJson()));
        Assert.That(NetworkCost.Of(compact), Is.EqualTo(ExecutedCost.Of(compact)));
        // The compact network is an ordinary network: it can be pruned again.
        SurgeryAssert.Equal(compact, groups => TinyNetworks.RandomPlan(groups, part + 1), torch.float64, part);
    });

    [Test]
    public void Random_networks_have_every_kind_of_layer()
    {
        var kinds = new HashSet<Type>();
        ForAll(
            1,
            recipe => kinds.UnionWith(recipe.Build().Layers.Select(l => l.GetType())),
            RandomOperators.All.Count * 10);
        var all = typeof(Layer).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Layer)) && !t.IsAbstract);
        Assert.That(kinds, Is.EquivalentTo(all));
    }

    [Test]
    public void A_failure_shrinks_to_the_step_that_causes_it()
    {
        // A single operator creates this kind of layer, whatever precedes it.
        var failure = Assert.Catch(() =>
            ForAll(1, recipe => Assert.That(recipe.Build().Layers.OfType<MaxPoolLayer>(), Is.Empty)))!;
        Assert.That(
            failure.ToString(),
            Does.Match(@"Shrunk:\s+head 0, steps \[[^,\]]*, [^,\]]*, [^,\]]*\]:"),
            "one step of three numbers");
    }

    private static void ForAll(int seed, Action<RandomNetwork> check, int count = NetworksPerPart)
    {
        var config = Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay((ulong)seed, 1);
        Prop.ForAll(RandomNetwork.Arbitrary, recipe =>
        {
            // A failure counts once, after shrinking.
            using (new TestExecutionContext.IsolatedContext()) check(recipe);
        }).Check(config);
    }
}
