using System.Diagnostics;
using System.Runtime.InteropServices;

namespace TorchSharp.Benchmark;

/// <summary>Training steps on random data: batch 128, channels-last, SGD with momentum.</summary>
internal static partial class Training
{
    internal const int Batch = 128;

    internal static void Run(int steps, int threads)
    {
        Malloc.Tune();
        set_num_threads(threads);
        manual_seed(1);
        using var network = new ResNet20();
        ChannelsLast(network);
        using var optimizer = optim.SGD(network.parameters(), 0.1, momentum: 0.9, weight_decay: 5e-4);
        using var pictures = ChannelsLast(randn(Batch, 3, 32, 32));
        using var labels = randint(10, [Batch]);
        var times = new List<double>();
        float loss = 0;
        for (int i = 0; i < steps + 3; i++)
        {
            var clock = Stopwatch.StartNew();
            loss = Step(network, optimizer, pictures, labels);
            if (i >= 3) times.Add(clock.Elapsed.TotalSeconds);
        }
        times.Sort();
        Console.WriteLine($"TorchSharp stand-in: {Batch / times[times.Count / 2]:0} images/s (median step {times[times.Count / 2] * 1000:0.0} ms, n = {steps}, {threads} threads, loss {loss:0.0000})");
    }

    internal static float Step(nn.Module<Tensor, Tensor> network, optim.Optimizer optimizer, Tensor pictures, Tensor labels)
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        var loss = nn.functional.cross_entropy(network.call(pictures), labels);
        loss.backward();
        optimizer.step();
        return loss.item<float>();
    }

    internal static Tensor ChannelsLast(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2).detach().MoveToOuterDisposeScope(); // detached: a parameter must not be a view
    }

    internal static void ChannelsLast(nn.Module module)
    {
        using var unrecorded = no_grad();
        foreach (var child in module.modules().OfType<Modules.Conv2d>())
            child.weight = new Modules.Parameter(ChannelsLast(child.weight));
    }

    /// <summary>glibc gives large activations back to the kernel at every step unless it is told not to.</summary>
    private static partial class Malloc
    {
        internal static void Tune()
        {
            mallopt(-3, 1 << 30); // M_MMAP_THRESHOLD
            mallopt(-1, int.MaxValue); // M_TRIM_THRESHOLD
            mallopt(-2, 64 << 20); // M_TOP_PAD
        }

        [LibraryImport("libc")]
        private static partial int mallopt(int parameter, int value);
    }
}
