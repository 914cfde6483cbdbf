using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Batch-norm over the batches of several ranks, against batch-norm of the whole batch in one process.</summary>
public class SynchronizedBatchNormTests
{
    [TestCase(2, new[] { 3, 5 })]
    [TestCase(4, new[] { 1, 4, 2, 2 })]
    public void Outputs_gradients_and_running_statistics_are_those_of_the_whole_batch(int size, int[] parts)
    {
        NativeSupport.Require();
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var input = randn([parts.Sum(), 3, 4, 5], generator: generator) * 2 + 30; // a mean far from 0: nothing may cancel
        var towards = randn([parts.Sum(), 3, 4, 5], generator: generator);
        var scale = rand([3], generator: generator) + 0.5;
        var shift = randn([3], generator: generator);

        var expected = Compute(input, towards, (x, w, b, m, v) => nn.functional.batch_norm(x, m, v, w, b, true, 0.1, 1e-5));
        var ranks = RankThreads.Run(size, group =>
        {
            var start = parts[..group.Rank].Sum();
            return Compute(input.narrow(0, start, parts[group.Rank]), towards.narrow(0, start, parts[group.Rank]), (x, w, b, m, v) => group.BatchNorm(x, w, b, m, v, 0.1, 1e-5));
        });

        Close(ranks.SelectMany(r => r.Output), expected.Output, "output");
        Close(ranks.SelectMany(r => r.Input), expected.Input, "gradient of the input");
        Close(Enumerable.Range(0, 3).Select(c => ranks.Sum(r => r.Scale[c])), expected.Scale, "gradient of the scale");
        Close(Enumerable.Range(0, 3).Select(c => ranks.Sum(r => r.Shift[c])), expected.Shift, "gradient of the shift");
        foreach (var r in ranks)
        {
            Close(r.Mean, expected.Mean, "running mean");
            Close(r.Variance, expected.Variance, "running variance");
        }

        (float[] Output, float[] Input, float[] Scale, float[] Shift, float[] Mean, float[] Variance) Compute(Tensor x, Tensor g, Func<Tensor, Tensor, Tensor, Tensor, Tensor, Tensor> norm)
        {
            using var own = NewDisposeScope();
            var (data, w, b) = (x.clone().requires_grad_(), scale.clone().requires_grad_(), shift.clone().requires_grad_());
            var (mean, variance) = (zeros(3), ones(3));
            var y = norm(data, w, b, mean, variance);
            (y * g).sum().backward();
            return (Values(y), Values(data.grad!), Values(w.grad!), Values(b.grad!), Values(mean), Values(variance));
        }
    }

    private static float[] Values(Tensor t) => t.detach().contiguous().data<float>().ToArray();

    private static void Close(IEnumerable<float> values, float[] expected, string what) =>
        Assert.That(values.Zip(expected).Max(p => Math.Abs(p.First - p.Second) / Math.Max(1, Math.Abs(p.Second))), Is.LessThan(2e-5), what);
}
