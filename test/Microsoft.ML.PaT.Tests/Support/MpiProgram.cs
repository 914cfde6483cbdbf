using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML.PaT.Distributed;

namespace Microsoft.ML.PaT.Tests;

/// <summary>What a rank of <see cref="MpiRun"/> does. It says <c>ok</c> and its rank in the end.</summary>
internal static class MpiProgram
{
    /// <param name="arguments"><c>mpi</c>, what to do, the timeout in seconds, and the rank that does it.</param>
    /// <returns>The exit code.</returns>
    public static int Main(string[] arguments)
    {
        try
        {
            var ranks = Mpi.World(TimeSpan.FromSeconds(double.Parse(arguments[2], CultureInfo.InvariantCulture)));
            var one =
                arguments.Length > 3
                && int.TryParse(arguments[3], CultureInfo.InvariantCulture, out var number)
                && ranks.Rank == number;
            switch (arguments[1])
            {
                case "operations":
                    Operations(ranks);
                    break;
                case "signals":
                    Signals();
                    ranks.Barrier();
                    break;
                case "norm":
                    SynchronizedNorms.Check(ranks);
                    break;
                case "train":
                    Train(ranks, arguments[3..]);
                    break;
                case "hang":
                    Meet(ranks, () => Thread.Sleep(one ? Timeout.Infinite : 0));
                    break;
                case "leave" when one:
                    return 3;
                case "fail" when one:
                    Thread.Sleep(500); // the others have ended
                    ranks.Fail(new IOException("The results cannot be written."));
                    return 3;
                case "leave" or "kill":
                    Meet(ranks, () =>
                    {
                        if (one) Process.GetCurrentProcess().Kill();
                    });
                    break;
            }
            Console.WriteLine($"ok {ranks.Rank}");
            return 0;
        }
        catch (PaTException e)
        {
            Console.WriteLine(e.Message);
            return 1;
        }
    }

    /// <summary>
    /// Does what <see cref="RankWork"/> names, and leaves <c>rank-R.json</c> or <c>error-R.txt</c> in a folder.
    /// </summary>
    private static void Train(Mpi ranks, string[] arguments)
    {
        File.WriteAllText(
            Path.Combine(arguments[1], $"process-{ranks.Rank}.txt"),
            Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        try
        {
            RankRun.Of(RankWork.Of(arguments[0], ranks.Rank, arguments.ElementAtOrDefault(2)), ranks)
                .Write(Path.Combine(arguments[1], $"rank-{ranks.Rank}.json"));
        }
        catch (Exception e)
        {
            // Lines on standard output may be mixed with those of other ranks.
            File.WriteAllText(Path.Combine(arguments[1], $"error-{ranks.Rank}.txt"), e.Message);
            ranks.Fail(e);
            throw;
        }
    }

    /// <summary>
    /// Checks that signals arrive, that a null reference is an exception, and that children can be awaited.
    /// </summary>
    private static void Signals()
    {
        using var arrived = new CountdownEvent(2);
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Arrive);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Arrive);
        foreach (var signal in new[] { "-TERM", "-INT" })
        {
            using var kill =
                Process.Start("kill", [signal, Environment.ProcessId.ToString(CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
            Require(kill.ExitCode == 0, "a child's exit code");
        }
        Require(arrived.Wait(TimeSpan.FromSeconds(10)), "SIGTERM and SIGINT");
        string? none = null;
        try
        {
            _ = none!.Length;
            Require(false, "NullReferenceException");
        }
        catch (NullReferenceException)
        {
        }

        void Arrive(PosixSignalContext context)
        {
            context.Cancel = true;
            arrived.Signal();
        }
    }

    private static void Meet(Mpi ranks, Action between)
    {
        ranks.Position = "epoch 3, step 17";
        ranks.Barrier();
        between();
        try
        {
            _ = ranks.AllReduce(1L, Reduction.Sum);
        }
        catch (DistributedTrainingException e)
        {
            ranks.Fail(e);
            throw;
        }
    }

    private static unsafe void Operations(Mpi ranks)
    {
        var (rank, size) = (ranks.Rank, ranks.Size);
        Require(rank >= 0 && rank < size && ranks.LocalRank == rank && ranks.LocalSize == size, "ranks of one machine");
        foreach (var length in new[] { 1, 1000, 300_001 })
        {
            Check(Array.ConvertAll(new float[length], _ => rank + 1f), size * (size + 1) / 2f, 1, size);
            Check(Array.ConvertAll(new double[length], _ => rank - 0.5), size * (size - 2) / 2.0, -0.5, size - 1.5);
            Check(
                Array.ConvertAll(new long[length], _ => (1L << 40) + rank),
                size * (1L << 40) + size * (size - 1) / 2,
                1L << 40,
                (1L << 40) + size - 1);
        }

        var (first, second) = (new float[100_000], new float[100_000]);
        first.AsSpan().Fill(rank);
        second.AsSpan().Fill(2);
        fixed (float* one = first, two = second)
        {
            var pending = (
                ranks.BeginAllReduce(one, first.Length, Reduction.Sum),
                ranks.BeginAllReduce(two, second.Length, Reduction.Sum));
            pending.Item2.Wait();
            pending.Item1.Wait();
        }
        Require(first.All(v => v == size * (size - 1) / 2) && second.All(v => v == 2 * size), "two at once");

        Require(
            ranks.Broadcast(rank == 0 ? new byte[] { 1, 2, 3 } : null).SequenceEqual(new byte[] { 1, 2, 3 }),
            "broadcast");
        Require(ranks.Broadcast(rank == 0 ? [] : null).Length == 0, "broadcast of nothing");
        Require(
            ranks.AllGather(new string('é', rank))
                .SequenceEqual(Enumerable.Range(0, size).Select(r => new string('é', r))),
            "all-gather");
        ranks.Barrier();

        void Check<T>(T[] values, T sum, T min, T max) where T : unmanaged
        {
            (Reduction, T)[] reductions = [(Reduction.Sum, sum), (Reduction.Min, min), (Reduction.Max, max)];
            foreach (var (reduction, expected) in reductions)
            {
                var reduced = (T[])values.Clone();
                ranks.AllReduce(reduced.AsSpan(), reduction);
                Require(
                    reduced.All(v => v.Equals(expected)),
                    $"{reduction} of {typeof(T).Name}: {reduced[0]}, not {expected}");
            }
        }
    }

    private static void Require(bool isTrue, string what)
    {
        if (!isTrue) throw new InvalidOperationException(what);
    }
}
