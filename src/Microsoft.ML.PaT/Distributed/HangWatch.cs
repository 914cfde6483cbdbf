using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Microsoft.ML.PaT.Distributed;

/// <summary>
/// Finds the rank that the others wait for. A rank that has waited for a fifth of the timeout reports to rank 0. When a
/// rank has waited for seven tenths of it, rank 0 names the ranks without a report. Without that message, the others
/// name rank 0 at the end of the timeout. So no rank may compute for longer than two fifths of the timeout between two
/// collectives.
/// </summary>
internal sealed unsafe class HangWatch(MpiBinding mpi, MpiAbi abi, nint ranks, int rank, IReadOnlyList<string> names)
{
    private const int Tag = 1, Length = 2;

    // By rank: the latest collective in which it waited for a fifth of the timeout, and the arrival time of its report.
    private readonly (long Call, long Arrived)[] _reports = new (long, long)[names.Count];
    // Unmanaged and never freed: MPI may read it after this object is collected.
    private readonly long* _sent = (long*)NativeMemory.AllocZeroed(Length * sizeof(long));

    /// <summary>A collective in which this rank waits.</summary>
    /// <param name="Call">Number of the collective, from 1.</param>
    /// <param name="Position">Current work of this rank.</param>
    public readonly record struct Stop(long Call, string What, string Position);

    /// <summary>Sends a report or decides that a rank hangs. Called repeatedly while this rank waits.</summary>
    /// <exception cref="DistributedTrainingException">A rank hangs; the message names it.</exception>
    public void Look(Stop stop, TimeSpan waited, TimeSpan timeout)
    {
        if (waited < timeout / 5) return;
        if (rank > 0)
        {
            if (_sent[1] < stop.Call) Report(stop.Call);
            if (waited > timeout) throw Hang([0], stop, timeout);
            return;
        }
        Receive();
        var waiting = _reports.Index().Where(r => r.Item.Call >= stop.Call).ToList();
        var longest = waiting.Select(r => timeout / 5 + Stopwatch.GetElapsedTime(r.Item.Arrived)).Append(waited).Max();
        if (longest > 0.7 * timeout)
            throw Hang([.. Enumerable.Range(1, names.Count - 1).Except(waiting.Select(r => r.Index))], stop, timeout);
    }

    private void Report(long call)
    {
        (_sent[0], _sent[1]) = (rank, call);
        nint request; // never completed: a report is short, so it is on its way when the call returns
        mpi.Check(mpi.Isend((nint)_sent, Length, abi.Long, 0, Tag, ranks, &request), "MPI_Isend");
    }

    private void Receive()
    {
        var report = stackalloc long[Length];
        while (true)
        {
            int there;
            mpi.Check(mpi.Iprobe(abi.AnySource, Tag, ranks, &there, abi.StatusIgnore), "MPI_Iprobe");
            if (there == 0) return;
            mpi.Check(
                mpi.Recv((nint)report, Length, abi.Long, abi.AnySource, Tag, ranks, abi.StatusIgnore), "MPI_Recv");
            _reports[report[0]] = (report[1], Stopwatch.GetTimestamp());
        }
    }

    private DistributedTrainingException Hang(IReadOnlyList<int> hanging, Stop stop, TimeSpan timeout)
    {
        var hung = string.Join(" and ", hanging.Select(r => names[r]));
        var who = hanging.Count switch
        {
            0 => "No rank hangs, and a connection between ranks is cut",
            1 => $"{hung} hangs, or its connection is cut",
            _ => $"{hung} hang, or their connections are cut",
        };
        var seconds = timeout.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
        return new(
            ErrorCodes.RankLost,
            $"{who}: in {stop.Position}, {stop.What} was not finished within the timeout of {seconds} s. All ranks "
                + "end. Start them again; with checkpoints the run resumes (--resume).");
    }
}
