using TorchSharp.Tests.Support;

namespace TorchSharp.Tests;

/// <summary>Generators: reproducible, independent of each other, and the same numbers as PyTorch for the same seed.</summary>
public class RandomTests
{
    [Test]
    public void TheSameSeedGivesPyTorchsNumbers()
    {
        // torch.manual_seed(1); torch.rand(3); torch.randint(10, (4,)); torch.randperm(5) in PyTorch 1.13
        manual_seed(1);
        Close.To(rand(3), [0.7576315999031067, 0.2793108820915222, 0.40306925773620605], 1e-7);
        Close.To(randint(10, [4]), [8, 3, 3, 1]);
        Close.To(randperm(5), [1, 4, 2, 3, 0]);
    }

    [Test]
    public void AGeneratorOfItsOwnDoesNotDisturbTheDefault()
    {
        manual_seed(5);
        var expected = rand(4).Numbers();
        manual_seed(5);
        using var own = new Generator(9);
        _ = randn(10, generator: own);
        _ = randperm(10, generator: own);
        Close.To(rand(4), expected, 0);
        own.manual_seed(5);
        Close.To(rand(4, generator: own), expected, 0);
        Assert.That(own.initial_seed(), Is.EqualTo(5));
    }

    [Test]
    public void AStateCanBePutBack()
    {
        using var generator = new Generator(3);
        _ = rand(7, generator: generator);
        var state = generator.get_state();
        var first = randn(20, generator: generator).Numbers();
        generator.set_state(state);
        Close.To(randn(20, generator: generator), first, 0);
        var global = get_rng_state();
        var numbers = rand(3).Numbers();
        set_rng_state(global);
        Close.To(rand(3), numbers, 0);
    }

    [Test]
    public void DistributionsHaveTheirMoments()
    {
        using var g = new Generator(11);
        void Moments(Tensor x, double mean, double deviation)
        {
            Assert.That(x.mean().ToDouble(), Is.EqualTo(mean).Within(0.03));
            Assert.That(x.std().ToDouble(), Is.EqualTo(deviation).Within(0.03));
        }
        const long n = 40_000;
        Moments(rand(n, generator: g), 0.5, Math.Sqrt(1 / 12.0));
        Moments(randn(n, generator: g), 0, 1);
        Moments(normal(2, 0.5, [n], generator: g), 2, 0.5);
        Moments(empty(n).normal_(1, 0.5, g), 1, 0.5);
        Moments(empty(n).uniform_(-1, 3, g), 1, 4 / Math.Sqrt(12));
        Moments(empty(n).exponential_(2, g), 0.5, 0.5);
        Moments(full([n], 0.3).bernoulli(g), 0.3, Math.Sqrt(0.21));
        Moments(empty(n).bernoulli_(0.3, g), 0.3, Math.Sqrt(0.21));
        Moments(full([n], 4.0).poisson(g), 4, 2);
        Moments(randint(0, 3, new long[] { n }, ScalarType.Float32, generator: g), 1, Math.Sqrt(2 / 3.0));
        Moments(tensor(new[] { 1f, 3f }).multinomial(n, true, g).to(ScalarType.Float32), 0.75, Math.Sqrt(3) / 4);
        Assert.That(rand_like(ones(3)).shape, Is.EqualTo(new long[] { 3 }));
        Assert.That(randn_like(ones([3], ScalarType.Float64)).dtype, Is.EqualTo(ScalarType.Float64));
        Close.To(randperm(100, generator: g).sort().Values, Enumerable.Range(0, 100).Select(i => (double)i).ToArray());
    }

    [Test]
    public void SeedsOfTheSystemDiffer()
    {
        using var g = new Generator();
        Assert.That(g.seed(), Is.Not.EqualTo(g.seed()));
    }
}
