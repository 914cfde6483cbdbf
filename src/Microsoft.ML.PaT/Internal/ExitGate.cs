namespace Microsoft.ML.PaT.Internal;

/// <summary>
/// Lets a process exit while other threads compute. Native libraries free their global state at exit; a thread that is
/// still inside libtorch then crashes the process. So exiting waits until no thread is in a section, and a thread that
/// comes to a section afterwards stays there until the process has ended.
/// </summary>
internal static class ExitGate
{
    /// <summary>A step of training or a batch of scores takes less; a longer one must not hold up the exit.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private static readonly object s_lock = new();
    private static int s_threads;
    private static Thread? s_exiting;

    [ThreadStatic]
    private static int t_depth;

    static ExitGate() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Close();

    /// <summary>Begins a section of the calling thread, which has to end it. Sections may nest.</summary>
    public static Section Enter()
    {
        if (t_depth == 0)
        {
            bool isClosed;
            lock (s_lock)
            {
                isClosed = IsClosed;
                if (!isClosed) s_threads++;
            }
            if (isClosed) Thread.Sleep(Timeout.Infinite);
        }
        t_depth++;
        return default;
    }

    /// <summary>A place within a section where the thread stays while the process exits.</summary>
    public static void Pass()
    {
        if (t_depth == 0 || !IsClosed) return;
        lock (s_lock)
        {
            s_threads--;
            Monitor.PulseAll(s_lock);
        }
        Thread.Sleep(Timeout.Infinite);
    }

    private static bool IsClosed => Volatile.Read(ref s_exiting) is { } exiting && exiting != Thread.CurrentThread;

    private static void Close()
    {
        var end = Environment.TickCount64 + (long)s_patience.TotalMilliseconds;
        lock (s_lock)
        {
            s_exiting = Thread.CurrentThread;
            // The exiting thread may itself be in a section.
            var own = t_depth > 0 ? 1 : 0;
            while (s_threads > own && end - Environment.TickCount64 is > 0 and var left)
                Monitor.Wait(s_lock, (int)left);
        }
    }

    private static void Leave()
    {
        if (--t_depth > 0) return;
        lock (s_lock)
        {
            s_threads--;
            Monitor.PulseAll(s_lock);
        }
    }

    /// <summary>A section; to be disposed once, by the thread that began it.</summary>
    public readonly struct Section : IDisposable
    {
        public void Dispose() => Leave();
    }
}
