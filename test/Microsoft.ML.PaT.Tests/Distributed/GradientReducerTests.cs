using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Gradients of all ranks, added up while they are made; networks that are compared bit for bit.</summary>
public class GradientReducerTests
{
    [SetUp]
    public void Available() => NativeSupport.Require();

    [Test]
    public void Gradients_are_summed_and_full_buckets_do_not_wait_for_the_end_of_the_backward_pass()
    {
        var ranks = RankThreads.Run(2, group =>
        {
            using var scope = NewDisposeScope();
            using var network = TinyNetworks.Trainable(Networks.ResNet20.Build(new(3, 8, 8), 10)); // 1.1 MB of gradients: five buckets
            network.Module.train();
            using var pictures = ones(2, 3, 8, 8) * (group.Rank + 1);
            Loss().backward();
            var own = network.Weights.Gradients.clone();
            group.Sum(own);
            network.Weights.Gradients.zero_();
            network.Norms.Gradients.zero_();

            using var reducer = new GradientReducer(group, network);
            var loss = Loss();
            var sum = loss.detach().clone();
            reducer.Begin(sum, stops: group.Rank == 1);
            loss.backward();
            var stops = reducer.Finish(sum).item<float>();
            group.Sum(loss);
            var difference = (network.Weights.Gradients - own).abs().max().item<float>() / own.abs().max().item<float>();
            return (reducer.Early, stops, difference, LossDifference: Math.Abs(sum.item<float>() - loss.item<float>()));

            Tensor Loss() => nn.functional.cross_entropy(network.Module.call(pictures * 0.1), zeros(2, dtype: int64));
        });
        foreach (var r in ranks)
        {
            Assert.That(r.Early, Is.GreaterThanOrEqualTo(3));
            Assert.That(r.stops, Is.EqualTo(1));
            Assert.That(r.difference, Is.LessThan(1e-5));
            Assert.That(r.LossDifference, Is.LessThan(1e-5));
        }
    }

    [Test]
    public void Networks_that_differ_by_one_bit_are_found_and_sharing_makes_them_one()
    {
        var outcomes = RankThreads.Try(2, options =>
        {
            using var group = ProcessGroup.Join(options, CPU)!;
            using var scope = NewDisposeScope();
            using var network = TinyNetworks.Trainable(TinyNetworks.ResNet8());
            NetworkAgreement.Require(group, network, "at the start");
            using (no_grad())
            {
                if (group.Rank == 1) network.Weights.Values.narrow(0, 7, 1).mul_(1.0000002);
            }
            var found = Assert.Throws<RanksException>(() => NetworkAgreement.Require(group, network, "after the cut"))!.Message;
            NetworkAgreement.Share(group, network);
            NetworkAgreement.Require(group, network, "after the cut");
            return found;
        });
        Assert.That(outcomes.Select(o => o.Error), Is.All.Null);
        Assert.That(outcomes.Select(o => o.Result), Is.All.Contains("its weights and optimiser state").And.All.Contains("after the cut").And.All.Not.Contains("its widths"));
    }
}
