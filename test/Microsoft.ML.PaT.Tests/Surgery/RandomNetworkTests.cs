using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

public class RandomNetworkTests
{
    private const int Networks = 300;

    [Test]
    public void Compact_is_masked_dense_on_random_networks([Range(0, 9)] int tenth)
    {
        for (var seed = tenth * Networks / 10; seed < (tenth + 1) * Networks / 10; seed++)
        {
            var dense = RandomNetwork.Build(seed);
            try
            {
                var compact = SurgeryAssert.Equal(dense, groups => TinyNetworks.RandomPlan(groups, seed), torch.float64, seed);
                Assert.That(NetworkDefinition.FromJson(compact.ToJson()).ToJson(), Is.EqualTo(compact.ToJson()));
                // What is left is a network like any other: it can be cut again.
                SurgeryAssert.Equal(compact, groups => TinyNetworks.RandomPlan(groups, seed + 1), torch.float64, seed);
            }
            catch (Exception e) when (e is not AssertionException)
            {
                throw new AssertionException($"{e.Message} The network of seed {seed}: {dense.ToJson()}", e);
            }
        }
    }

    [Test]
    public void Random_networks_have_every_kind_of_layer()
    {
        var kinds = Enumerable.Range(0, Networks).SelectMany(seed => RandomNetwork.Build(seed).Layers.Select(l => l.GetType())).Distinct();
        Assert.That(kinds, Is.EquivalentTo(typeof(Layer).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Layer)))));
    }
}
