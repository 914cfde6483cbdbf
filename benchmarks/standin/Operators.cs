using System.Diagnostics;

namespace TorchSharp.Benchmark;

/// <summary>What one call costs beside the arithmetic: tensors of one element.</summary>
internal static class Operators
{
    private const int Calls = 200_000, Repeats = 7;

    internal static void Run()
    {
        set_num_threads(1);
        using var one = ones(1);
        using var other = ones(1);
        Report("x.add(y), in a scope", scoped: true, () => one.add(other));
        Report("x.add(y), disposed", scoped: false, () => one.add(other).Dispose());
        Report("x.add_(y)", scoped: false, () => one.add_(other));
        Report("x.relu(), in a scope", scoped: true, () => one.relu());
        Report("x.item<float>()", scoped: false, () => one.item<float>());
        Report("x.view(1, 1), in a scope", scoped: true, () => one.view(1, 1));
        Report("x.shape", scoped: false, () => _ = one.shape);
    }

    private static void Report(string what, bool scoped, Action call)
    {
        var times = new double[Repeats];
        using var unrecorded = no_grad();
        for (int i = 0; i < Repeats; i++)
        {
            var clock = Stopwatch.StartNew();
            for (int done = 0; done < Calls; done += 100)
            {
                // A hundred tensors a scope, as in a training step.
                using var scope = scoped ? NewDisposeScope() : null;
                for (int n = 0; n < 100; n++) call();
            }
            times[i] = clock.Elapsed.TotalMicroseconds / Calls;
        }
        Array.Sort(times);
        Console.WriteLine($"{what,-28} {times[Repeats / 2]:0.000} µs  (best {times[0]:0.000})");
    }
}
