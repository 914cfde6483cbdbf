using Microsoft.ML.PaT.Distributed;
using Microsoft.ML.PaT.Modeling.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Tests;

internal static class SynchronizedNorms
{
    private const double Tolerance = 2e-5;
    private static readonly int[] s_parts = [3, 5, 1, 2];

    /// <summary>
    /// Compares output, gradients and running statistics with those of libtorch's batch-norm on the whole batch.
    /// </summary>
    /// <param name="ranks">Each rank has a part of the batch with another size.</param>
    /// <exception cref="InvalidOperationException">They differ.</exception>
    public static void Check(Communicator ranks)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var (count, start, own) = (s_parts[..ranks.Size].Sum(), s_parts[..ranks.Rank].Sum(), s_parts[ranks.Rank]);
        // The mean is far from 0, so that cancellation would show.
        var input = randn([count, 3, 4, 5], generator: generator) * 2 + 30;
        var towards = randn([count, 3, 4, 5], generator: generator);
        var (scale, shift) = (rand([3], generator: generator) + 0.5, rand([3], generator: generator));

        var whole =
            Compute(input, towards, (x, w, b, m, v) => nn.functional.batch_norm(x, m, v, w, b, true, 0.1, 1e-5));
        var part = Compute(input.narrow(0, start, own), towards.narrow(0, start, own), (x, w, b, m, v) =>
            SynchronizedBatchNorm.Apply(ranks, x, w, b, m, v, 0.1, 1e-5));
        Close(part.Output, whole.Output.narrow(0, start, own), "output");
        Close(part.Input, whole.Input.narrow(0, start, own), "gradient of the input");
        Close(Sum(part.Scale), whole.Scale, "gradient of the scale");
        Close(Sum(part.Shift), whole.Shift, "gradient of the shift");
        Close(part.Mean, whole.Mean, "running mean");
        Close(part.Variance, whole.Variance, "running variance");

        (Tensor Output, Tensor Input, Tensor Scale, Tensor Shift, Tensor Mean, Tensor Variance) Compute(
            Tensor x, Tensor g, Func<Tensor, Tensor, Tensor, Tensor, Tensor, Tensor> norm)
        {
            var (data, w, b) =
                (x.clone().requires_grad_(), scale.clone().requires_grad_(), shift.clone().requires_grad_());
            var (mean, variance) = (zeros(3), ones(3));
            var y = norm(data, w, b, mean, variance);
            SynchronizedBatchNorm.During(() => (y * g).sum().backward());
            return (y.detach(), data.grad!, w.grad!, b.grad!, mean, variance);
        }

        Tensor Sum(Tensor values)
        {
            var all = values.data<float>().ToArray();
            ranks.AllReduce(all.AsSpan(), Reduction.Sum);
            return tensor(all);
        }
    }

    private static void Close(Tensor values, Tensor expected, string what)
    {
        var distance = ((values - expected).abs() / expected.abs().clamp_min(1)).max().item<float>();
        if (!(distance < Tolerance)) throw new InvalidOperationException($"The {what} is off by {distance}.");
    }
}
