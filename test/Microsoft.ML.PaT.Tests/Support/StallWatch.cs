using System.Diagnostics;
using NUnit.Framework.Internal;

namespace Microsoft.ML.PaT.Tests;

/// <summary>
/// Whether this process stood still for seconds, with the processes that it started: a suspended machine, or a stopped
/// group of processes. Timeouts then mean nothing.
/// </summary>
internal sealed class StallWatch : IDisposable
{
    private const int MostAttempts = 10;
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(50), s_limit = TimeSpan.FromSeconds(2);

    private readonly Thread _thread;
    private readonly ManualResetEventSlim _ended = new();
    private long _longest;

    private StallWatch()
    {
        _thread = new(Watch) { IsBackground = true };
        _thread.Start();
    }

    private TimeSpan Longest => new(Interlocked.Read(ref _longest));

    /// <summary>Runs checks with timeouts, again where the machine stood still.</summary>
    public static void Repeat(Action checks)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var watch = new StallWatch();
            try
            {
                // A failed assertion of a repeated attempt does not fail the test.
                using (new TestExecutionContext.IsolatedContext()) checks();
                if (watch.Longest < s_limit) return;
            }
            catch (Exception) when (watch.Longest >= s_limit && attempt < MostAttempts)
            {
            }
            TestContext.Progress.WriteLine(
                $"once more: everything stood still for {watch.Longest.TotalSeconds:F0} s, attempt {attempt}");
            if (attempt == MostAttempts) Assert.Inconclusive("The machine stood still in each of the attempts.");
        }
    }

    public void Dispose()
    {
        _ended.Set();
        _thread.Join();
        _ended.Dispose();
    }

    private void Watch()
    {
        for (var last = Stopwatch.GetTimestamp(); !_ended.Wait(s_tick); last = Stopwatch.GetTimestamp())
        {
            var gap = Stopwatch.GetElapsedTime(last);
            if (gap > Longest) Interlocked.Exchange(ref _longest, gap.Ticks);
        }
    }
}
