using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Microsoft.ML.PaT;

/// <summary>
/// The signs of life of a group. Over a connection and on a thread of its own each rank tells rank 0, again and again, what it does. Rank 0 judges: whose connection closes or falls silent
/// is lost, and who is busy while the others' collectives fail hangs. Its verdict names the rank, goes to all, and every rank ends with it. Why not libtorch's store: docs/decisions/distributed.md.
/// </summary>
/// <remarks>Owns its threads and connections.</remarks>
internal sealed class RankPulse : IDisposable
{
    private const string Farewell = "bye";

    private readonly Patience _patience;
    private readonly IReadOnlyList<RankInfo> _ranks;
    private readonly int _rank;
    private readonly TcpListener? _listener;
    private readonly PulseLine?[] _lines;
    private readonly RankState[] _states;
    private readonly string[] _texts;
    private readonly int[] _arrived;
    private readonly ManualResetEventSlim _stop = new();
    private readonly AutoResetEvent _now = new(false);
    private readonly Thread _thread;
    private readonly Lock _lock = new();
    private readonly long _began = Stopwatch.GetTimestamp();
    private long _inTroubleSince;
    private volatile int _met;
    private volatile bool _saidFarewell;
    private volatile string? _verdict;

    /// <summary>Starts.</summary>
    /// <param name="rank">This rank.</param>
    /// <param name="ranks">All ranks.</param>
    /// <param name="patience">How long to wait for what.</param>
    /// <param name="listener">Where rank 0 hears the others; null on these. Taken over.</param>
    /// <param name="first">Where rank 0 listens.</param>
    public RankPulse(int rank, IReadOnlyList<RankInfo> ranks, Patience patience, TcpListener? listener, (string Host, int Port) first)
    {
        (_rank, _ranks, _patience, _listener) = (rank, ranks, patience, listener);
        _lines = new PulseLine?[ranks.Count];
        (_states, _texts, _arrived) = (new RankState[ranks.Count], new string[ranks.Count], new int[ranks.Count]);
        Array.Fill(_texts, "");
        if (listener is null)
        {
            try
            {
                _lines[0] = new(new TcpClient(first.Host, first.Port), patience.Silence, Hear);
                _lines[0]!.Start();
            }
            catch (SocketException e)
            {
                throw new RanksException($"{Name(rank)} cannot reach {Name(0)} at {first.Host}:{first.Port}: {e.Message}. Is the port open between the machines?", e);
            }
        }
        _thread = new(Beat) { IsBackground = true, Name = $"pulse of rank {rank}" };
        _thread.Start();
    }

    /// <summary>What this rank does.</summary>
    public RankState State
    {
        set => Tell(value, "");
    }

    /// <summary>Throws when the group is broken.</summary>
    /// <exception cref="RanksException">It is; the message names the rank.</exception>
    public void ThrowIfBroken()
    {
        if (Verdict is { } verdict) throw new RanksException(verdict);
    }

    /// <summary>Waits for the verdict on what made a collective fail.</summary>
    /// <param name="trouble">What this rank knows of it.</param>
    public RanksException Explain(string trouble)
    {
        Tell(RankState.InTrouble, trouble);
        _now.Set();
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < 3 * _patience.Silence; Thread.Sleep(_patience.Beat))
        {
            if (Verdict is { } verdict) return new(verdict);
        }
        return new($"The ranks have lost touch with each other, and rank 0 does not say why: {trouble} {Advice}");
    }

    /// <summary>Waits until all ranks have called this as often, as long as they live.</summary>
    public void Meet()
    {
        int own;
        lock (_lock) own = ++_arrived[_rank];
        State = RankState.Waiting;
        for (_now.Set(); _met < own; Thread.Sleep(5)) ThrowIfBroken();
        State = RankState.Busy;
    }

    /// <summary>Says farewell. Rank 0 stays a while, until the others are done as well.</summary>
    /// <param name="state">How this rank ends: done, with an error of its own, or because of another rank.</param>
    /// <param name="error">The error.</param>
    public void Leave(RankState state, string error = "")
    {
        Tell(state, error);
        _now.Set();
        if (_rank > 0) return;
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < _patience.Silence && state == RankState.Done && _verdict is null; Thread.Sleep(5))
        {
            lock (_lock) if (_states.All(s => s is RankState.Done or RankState.Failed)) break;
        }
    }

    public void Dispose()
    {
        _stop.Set();
        _now.Set();
        _thread.Join(_patience.Silence + TimeSpan.FromSeconds(1));
        foreach (var line in _lines) line?.Dispose();
        _listener?.Stop();
        _now.Dispose();
    }

    private string? Verdict => _verdict ?? (_rank == 0 || _saidFarewell ? null : _lines[0]!.IsClosed
        ? $"{Name(0)}, which keeps the group together, is gone: its process has ended. {Advice}"
        : _lines[0]!.Silent is var silent && silent > _patience.Silence
        ? $"{Name(0)}, which keeps the group together, has not answered for {Seconds(silent)}: it hangs, or the connection to it is cut. {Advice}"
        : null);

    private static string Advice => "All ranks end. Start them again; with checkpoints the run goes on (--resume).";

    private void Tell(RankState state, string text)
    {
        lock (_lock) (_states[_rank], _texts[_rank]) = (state, text.ReplaceLineEndings(" "));
    }

    private void Beat()
    {
        for (var last = false; !last; _now.WaitOne(_patience.Beat))
        {
            last = _stop.IsSet;
            if (_rank == 0)
            {
                while (_listener!.Pending()) Welcome(_listener.AcceptTcpClient());
                _verdict ??= Judged();
                lock (_lock) _met = _arrived.Min();
                foreach (var line in _lines) line?.Say($"{_met.ToString(CultureInfo.InvariantCulture)} {_verdict ?? (last ? Farewell : "")}");
            }
            else
            {
                string says;
                lock (_lock) says = string.Create(CultureInfo.InvariantCulture, $"{(int)_states[_rank]} {_arrived[_rank]} {_texts[_rank]}");
                _lines[0]!.Say($"{_rank.ToString(CultureInfo.InvariantCulture)} {says}");
            }
        }
    }

    private void Welcome(TcpClient client)
    {
        PulseLine? line = null;
        line = new(client, _patience.Silence, says =>
        {
            var parts = says.Split(' ', 4);
            var numbers = Array.ConvertAll(parts[..3], n => int.Parse(n, CultureInfo.InvariantCulture));
            lock (_lock)
            {
                _lines[numbers[0]] = line;
                (_states[numbers[0]], _arrived[numbers[0]], _texts[numbers[0]]) = ((RankState)numbers[1], numbers[2], parts[3]);
                if (_met < _arrived.Min()) _now.Set();
            }
        });
        line.Start();
    }

    private void Hear(string says)
    {
        var parts = says.Split(' ', 2);
        _met = int.Parse(parts[0], CultureInfo.InvariantCulture);
        if (parts[1] == Farewell) _saidFarewell = true;
        else if (parts[1].Length > 0) _verdict ??= parts[1];
    }

    private string? Judged()
    {
        lock (_lock)
        {
            foreach (var (r, state) in _states.Index())
            {
                if (state == RankState.Failed) return $"{Name(r)} ended with an error: {_texts[r].TrimEnd('.')}. {Advice}";
            }
            for (var r = 1; r < _ranks.Count; r++)
            {
                if (_states[r] == RankState.Done) continue;
                if (_lines[r]?.IsClosed == true) return $"{Name(r)} is gone: its process has ended. {Advice}";
                if ((_lines[r]?.Silent ?? Stopwatch.GetElapsedTime(_began)) is var silent && silent > _patience.Silence)
                    return $"{Name(r)} has not been heard from for {Seconds(silent)}: it was stopped, or its machine or the connection to it is gone. {Advice}";
            }
            if (!_states.Contains(RankState.InTrouble))
            {
                _inTroubleSince = 0;
                return null;
            }
            if (_inTroubleSince == 0) _inTroubleSince = Stopwatch.GetTimestamp();
            if (Stopwatch.GetElapsedTime(_inTroubleSince) < _patience.Silence) return null;
            var busy = _states.Index().Where(s => s.Item is RankState.Busy or RankState.Done).Select(s => s.Index).ToList();
            return busy.Count > 0
                ? $"{string.Join(" and ", busy.Select(Name))} {(busy.Count == 1 ? "hangs" : "hang")}: alive, but the others have waited in vain for half of the timeout of {Seconds(_patience.Whole)} (Training.Distributed.Timeout). {Advice}"
                : $"The ranks cannot go on together: {string.Join("; ", _states.Index().Where(s => s.Item == RankState.InTrouble).Select(s => $"{Name(s.Index)}: {_texts[s.Index]}"))}. {Advice}";
        }
    }

    private string Name(int rank) => $"Rank {rank} ({_ranks[rank].Host})";

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");
}
