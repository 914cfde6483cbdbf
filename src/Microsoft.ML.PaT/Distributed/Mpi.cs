using System.Diagnostics;

namespace Microsoft.ML.PaT.Distributed;

/// <summary>
/// The ranks that an MPI launcher started. Collectives are non-blocking and polled in a loop that spins for a short
/// time, then yields and then sleeps: MPI libraries wait actively, which takes processor time from the other ranks of
/// an overloaded machine.
/// </summary>
internal sealed unsafe class Mpi : Communicator
{
    // Ends of the stages of waiting. A yield costs a time slice of 3 ms where other programs run.
    private static readonly TimeSpan s_spins = TimeSpan.FromMilliseconds(3), s_yields = TimeSpan.FromMilliseconds(20),
        s_naps = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_together = TimeSpan.FromSeconds(2);
    // MPICH's mpirun drops what it has not passed on when a rank aborts.
    private static readonly TimeSpan s_passedOn = TimeSpan.FromSeconds(1);
    private static readonly Lock s_starting = new();
    private static Mpi? s_world;

    private readonly MpiBinding _mpi;
    private readonly MpiAbi _abi;
    private readonly nint _ranks, _control;
    private readonly string[] _names;
    private readonly HangWatch _watch;
    private TimeSpan _timeout;
    private readonly bool _hasOwnCore;
    // MPI_THREAD_SERIALIZED: one call at a time.
    private readonly Lock _calling = new();
    private long _calls;
    // Whether all ranks have failed or are about to end: they exchange nothing more.
    private bool _isOver;

    private delegate int Starting(nint* request);

    private readonly record struct Started(nint Request, long Call);

    private Mpi(MpiRuntime runtime, TimeSpan timeout)
    {
        (_mpi, _abi, _timeout) = (runtime.Functions, runtime.Abi, timeout);
        (Rank, Size, LocalRank, LocalSize, Library) =
            (runtime.Rank, runtime.Size, runtime.LocalRank, runtime.LocalSize, runtime.Version);
        _hasOwnCore = LocalSize <= Environment.ProcessorCount;
        _ranks = runtime.Duplicate();
        _control = runtime.Duplicate();
        _names = [.. Enumerable.Range(0, Size).Select(r => $"Rank {r}")];
        _watch = new(_mpi, _abi, _control, Rank, _names);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Leave();
        var hosts = AllGather($"{Environment.MachineName}, process {Environment.ProcessId}");
        for (var r = 0; r < Size; r++) _names[r] = $"Rank {r} ({hosts[r]})";
    }

    public override IReadOnlyList<string> Names => _names;

    public override int Rank { get; }

    public override int Size { get; }

    public override int LocalRank { get; }

    public override int LocalSize { get; }

    public override string Library { get; }

    /// <summary>The ranks if this process has joined them; otherwise null.</summary>
    public static Mpi? Joined => s_world;

    /// <summary>Joins the ranks once per process.</summary>
    /// <param name="timeout">Time to wait for the other ranks before the run ends, from now on.</param>
    /// <exception cref="DistributedTrainingException">The MPI library is missing or does not belong to the launcher,
    /// this process was started alone, or the ranks have different versions.</exception>
    public static Mpi World(TimeSpan timeout)
    {
        lock (s_starting)
        {
            s_world ??= Join(timeout);
            (s_world._timeout, s_world._isOver) = (timeout, false);
            return s_world;
        }
    }

    public override PendingReduction BeginAllReduce<T>(T* values, int count, Reduction reduction)
    {
        var started = Start("MPI_Iallreduce", request => _mpi.Iallreduce(
            _abi.InPlace, (nint)values, count, _abi.TypeOf<T>(), _abi.OperationOf(reduction), _ranks, request));
        return new(() => Wait(started, "an all-reduce"));
    }

    public override void Broadcast(Span<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            var (buffer, length) = ((nint)start, bytes.Length);
            Wait(
                Start("MPI_Ibcast", request => _mpi.Ibcast(buffer, length, _abi.Byte, 0, _ranks, request)),
                "a broadcast");
        }
    }

    public override byte[][] AllGather(ReadOnlySpan<byte> own)
    {
        var lengths = new long[Size];
        lengths[Rank] = own.Length;
        AllReduce(lengths.AsSpan(), Reduction.Sum);
        var counts = Array.ConvertAll(lengths, l => checked((int)l));
        var offsets = new int[Size];
        for (var r = 1; r < Size; r++) offsets[r] = checked(offsets[r - 1] + counts[r - 1]);
        var all = new byte[offsets[^1] + counts[^1]];
        fixed (byte* start = own, received = all)
        fixed (int* sizes = counts, starts = offsets)
        {
            var (sent, length, to, each, at) = ((nint)start, own.Length, (nint)received, (nint)sizes, (nint)starts);
            Wait(Start("MPI_Iallgatherv", request => _mpi.Iallgatherv(
                sent, length, _abi.Byte, to, (int*)each, (int*)at, _abi.Byte, _ranks, request)), "an all-gather");
        }
        return [.. Enumerable.Range(0, Size).Select(r => all.AsSpan(offsets[r], counts[r]).ToArray())];
    }

    public override void Barrier(int patience = 1) =>
        Wait(Start("MPI_Ibarrier", request => _mpi.Ibarrier(_ranks, request)), "a barrier", patience);

    public override void Abort(string message)
    {
        Console.Error.WriteLine($"{_names[Rank]}: {message}");
        Console.Error.Flush();
        Thread.Sleep(s_passedOn);
        // MPI_Abort of MPICH waits for an answer of the launcher, which a cut connection withholds.
        using var limit = new Timer(_ => MpiLibrary.Exit(1), null, s_together, Timeout.InfiniteTimeSpan);
        lock (_calling) _ = _mpi.Abort(_abi.World, 1);
    }

    public override void Fail(Exception error)
    {
        // An error passes the caller of a run too.
        _isOver = _isOver || AllCome(s_together < _timeout / 10 ? s_together : _timeout / 10);
        if (!_isOver) Abort(error.Message.ReplaceLineEndings(" "));
    }

    private static Mpi Join(TimeSpan timeout)
    {
        var world = new Mpi(MpiRuntime.Start(timeout), timeout);
        world.RequireSameVersions();
        return world;
    }

    private Started Start(string function, Starting start)
    {
        lock (_calling)
        {
            nint request;
            _mpi.Check(start(&request), function);
            return new(request, ++_calls);
        }
    }

    private void Wait(Started started, string what, int patience = 1)
    {
        var request = started.Request;
        for (var began = Stopwatch.GetTimestamp(); ;)
        {
            var waited = Stopwatch.GetElapsedTime(began);
            lock (_calling)
            {
                int done;
                _mpi.Check(_mpi.Test(&request, &done, _abi.StatusIgnore), $"MPI_Test of {what}");
                if (done != 0) return;
                if (waited > s_yields) _watch.Look(new(started.Call, what, Position), waited, patience * _timeout);
            }
            if (_hasOwnCore && waited < s_spins) Thread.SpinWait(10);
            else if (waited < s_yields) Thread.Yield();
            else Thread.Sleep(waited < s_naps ? 1 : 10);
        }
    }

    /// <summary>
    /// Waits for all ranks and finalizes MPI. Only rank 0 may still work, because it writes the results. If a rank does
    /// not come, the launcher ends all, because this process ends without MPI_Finalize.
    /// </summary>
    private void Leave()
    {
        if (_isOver || AllCome(IsFirst ? _timeout : LongWork * _timeout)) _ = _mpi.Finalize();
    }

    /// <summary>Returns whether all ranks make this call within the time.</summary>
    private bool AllCome(TimeSpan within)
    {
        nint request;
        lock (_calling) if (_mpi.Ibarrier(_control, &request) != 0) return false;
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < within; Thread.Sleep(1))
        {
            lock (_calling)
            {
                int done;
                if (_mpi.Test(&request, &done, _abi.StatusIgnore) != 0) return false;
                if (done != 0) return true;
            }
        }
        return false;
    }
}
