using System.Collections.Concurrent;
using System.Diagnostics;

namespace Microsoft.ML.PaT.Tests.Hosts;

/// <summary>
/// Objects with native memory are disposed, or left to their finalizers, at any moment of their use by other threads,
/// while collections run.
/// </summary>
public sealed class DisposalTests
{
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
    public void Disposal_at_any_moment_crashes_nothing([ValueSource(nameof(s_all))] string kind) =>
        Stress([kind], TimeSpan.FromSeconds(0.5));

    /// <summary>Minutes: <c>PAT_STRESS_MINUTES</c>, default 10.</summary>
    [Test, Category("Long")]
    public void Minutes_of_disposal_crash_nothing_and_leave_nothing() =>
        Stress(
            s_all,
            TimeSpan.FromMinutes(double.Parse(Environment.GetEnvironmentVariable("PAT_STRESS_MINUTES") ?? "10")));

    private void Stress(string[] kinds, TimeSpan duration)
    {
        var (clock, random) = (Stopwatch.StartNew(), new Random(1));
        var failures = new ConcurrentQueue<string>();
        using var stop = new CancellationTokenSource();
        var collecting = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                Thread.Sleep(1);
            }
        });
        collecting.Start();
        var (rounds, refused, before) = (0, 0, 0L);
        for (; clock.Elapsed < duration && failures.IsEmpty; rounds++)
        {
            if (rounds == 5 * kinds.Length) before = Environment.WorkingSet;
            Round(kinds[rounds % kinds.Length], random, failures, ref refused);
        }
        stop.Cancel();
        collecting.Join();
        var grown = before == 0 ? 0 : Environment.WorkingSet - before;
        TestContext.Out.WriteLine(
            $"{rounds} objects in {clock.Elapsed.TotalMinutes:F1} minutes, {refused} late calls, "
                + $"{grown / 1e6:F1} MB more");
        Assert.That(failures, Is.Empty);
        Assert.That(grown, Is.LessThan(100_000_000));
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
}
