using System.Collections.Concurrent;
using System.Diagnostics;

namespace Microsoft.ML.PaT.Tests.Hosts;

/// <summary>
/// Objects with native memory are disposed, or left to their finalizers, at any moment of their use by other threads,
/// while collections run.
/// </summary>
public sealed class DisposalTests
{
    private const int FewestLaps = 40;
    private const double MostGrowth = 10;
    private static readonly string[] s_all = [.. NativeOwners.Kinds, .. NativeOwners.Loaded];
    private NativeOwners _owners = null!;

    [OneTimeSetUp]
    public void Train() => _owners = new();

    [OneTimeTearDown]
    public void Remove() => _owners.Dispose();

    [Test]
    public void A_disposed_object_refuses_work_by_its_name(
        [ValueSource(typeof(NativeOwners), nameof(NativeOwners.Kinds))] string kind)
    {
        var (owner, use) = _owners.Create(kind);
        use();
        owner.Dispose();
        owner.Dispose();
        Assert.That(() => use(), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void Disposal_at_any_moment_crashes_nothing([ValueSource(nameof(s_all))] string kind)
    {
        var (random, failures, refused) = (new Random(1), new ConcurrentQueue<string>(), 0);
        using (new ThreadScope(1))
        using (new Collections())
        {
            for (var round = 0; round < 5 && failures.IsEmpty; round++) Round(kind, random, failures, ref refused);
        }
        Assert.That(failures, Is.Empty);
    }

    /// <summary>Laps of one object of each kind. Minutes: <c>PAT_STRESS_MINUTES</c>, default 10.</summary>
    [Test, Category("Long")]
    public void Minutes_of_disposal_crash_nothing_and_leave_nothing()
    {
        var duration =
            TimeSpan.FromMinutes(double.Parse(Environment.GetEnvironmentVariable("PAT_STRESS_MINUTES") ?? "10"));
        var (random, failures, refused) = (new Random(1), new ConcurrentQueue<string>(), 0);
        var (clock, tensors, megabytes) = (Stopwatch.StartNew(), 0L, new List<double>());
        using (new ThreadScope(1))
        using (new Collections())
        {
            while (clock.Elapsed < duration && failures.IsEmpty)
            {
                foreach (var kind in s_all) Round(kind, random, failures, ref refused);
                var live = LiveTensors.Before();
                if (megabytes.Count == 0) tensors = live;
                megabytes.Add(Environment.WorkingSet / 1e6);
            }
        }
        var quarters = Enumerable.Range(0, 4).Select(q => Median(megabytes, q)).ToArray();
        TestContext.Out.WriteLine(
            $"{megabytes.Count} laps of {s_all.Length} objects in {clock.Elapsed.TotalMinutes:F1} minutes, {refused} "
                + $"late calls; MB by quarters: {string.Join(", ", quarters.Select(q => $"{q:F0}"))}");
        Assert.That(failures, Is.Empty);
        Assert.That(megabytes, Has.Count.AtLeast(FewestLaps), "fewer laps show nothing");
        Assert.That(() => LiveTensors.Before(), Is.EqualTo(tensors).After(10_000, 200), "tensors after the first lap");
        Assert.That(quarters[3] - quarters[2], Is.LessThan(MostGrowth), "megabytes");
    }

    private void Round(string kind, Random random, ConcurrentQueue<string> failures, ref int refused)
    {
        var (owner, use) = _owners.Create(kind);
        // A prediction engine is for one thread at a time.
        var threads = new Thread[kind is "mapper" or "loaded engine" or "probe" ? 1 : 2];
        var late = 0;
        // Objects that are never disposed belong to their finalizers after the last use.
        var isDisposed = random.Next(4) > 0;
        var refuses = isDisposed && !NativeOwners.Loaded.Contains(kind);
        var uses = refuses ? int.MaxValue : 3;
        using var started = new CountdownEvent(threads.Length);
        for (var i = 0; i < threads.Length; i++)
        {
            threads[i] = new(() =>
            {
                started.Signal();
                try
                {
                    for (var n = 0; n < uses; n++) use();
                }
                catch (ObjectDisposedException)
                {
                    Interlocked.Increment(ref late);
                }
                catch (Exception e)
                {
                    failures.Enqueue($"{kind}: {e}");
                }
            });
            threads[i].Start();
        }
        started.Wait();
        if (isDisposed)
        {
            Thread.Sleep(random.Next(30));
            owner.Dispose();
        }
        foreach (var thread in threads) thread.Join();
        refused += late;
        if (refuses && late < threads.Length && failures.IsEmpty) failures.Enqueue($"{kind}: a late call was answered");
    }

    private static double Median(List<double> values, int quarter)
    {
        var length = values.Count / 4;
        return values.Skip(quarter * length).Take(length).Order().ElementAtOrDefault(length / 2);
    }

    /// <summary>Collects garbage and runs finalizers on a thread of its own until disposed.</summary>
    private sealed class Collections : IDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Thread _thread;

        public Collections()
        {
            var random = new Random(2);
            _thread = new(() =>
            {
                // Without a pause, collections take nearly all of the time.
                while (!_stop.Token.WaitHandle.WaitOne(random.Next(1, 30)))
                {
                    GC.Collect();
                    GC.WaitForPendingFinalizers();
                }
            });
            _thread.Start();
        }

        public void Dispose()
        {
            _stop.Cancel();
            _thread.Join();
            _stop.Dispose();
        }
    }
}
