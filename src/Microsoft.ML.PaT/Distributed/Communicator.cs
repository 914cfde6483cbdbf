using System.Text;

namespace Microsoft.ML.PaT.Distributed;

/// <summary>
/// The ranks of a run and their collectives. All ranks must make the same calls in the same order; all get the same
/// result. A call throws <see cref="DistributedTrainingException"/> if another rank does not take part within the
/// timeout.
/// </summary>
internal abstract class Communicator
{
    /// <summary>Timeout factor for ranks that wait while another rank decodes images or measures.</summary>
    public const int LongWork = 30;

    /// <summary>Index of this process, 0 to <see cref="Size"/> - 1.</summary>
    public abstract int Rank { get; }

    /// <summary>Number of processes.</summary>
    public abstract int Size { get; }

    /// <summary>Index of this process on its machine, from 0; the index of its GPU.</summary>
    public abstract int LocalRank { get; }

    /// <summary>Number of processes on this machine.</summary>
    public abstract int LocalSize { get; }

    /// <summary>Name and version of the MPI library, as it reports them.</summary>
    public abstract string Library { get; }

    /// <summary>Index, machine and process ID of each rank.</summary>
    public abstract IReadOnlyList<string> Names { get; }

    /// <summary>
    /// Current work of this rank, such as <c>epoch 3, step 17</c>; part of the error message if a rank hangs.
    /// </summary>
    public string Position { get; set; } = "the start";

    /// <summary>Whether this rank writes files and progress.</summary>
    public bool IsFirst => Rank == 0;

    /// <summary>Starts an all-reduce in place.</summary>
    /// <typeparam name="T">float, double or long.</typeparam>
    /// <param name="values">Must stay valid and unchanged until <see cref="PendingReduction.Wait"/> returns.</param>
    /// <param name="count">Number of values.</param>
    /// <param name="reduction">Sum or maximum, for example.</param>
    public abstract unsafe PendingReduction BeginAllReduce<T>(T* values, int count, Reduction reduction)
        where T : unmanaged;

    /// <summary>Overwrites the bytes with those of rank 0.</summary>
    /// <param name="bytes">The same length on every rank.</param>
    public abstract void Broadcast(Span<byte> bytes);

    /// <summary>Returns the bytes of all ranks, in rank order.</summary>
    /// <param name="own">May have a different length on each rank.</param>
    public abstract byte[][] AllGather(ReadOnlySpan<byte> own);

    /// <summary>Waits until every rank has called this method.</summary>
    /// <param name="patience">Factor on the timeout, for work that takes one rank long, such as decoding
    /// images.</param>
    public abstract void Barrier(int patience = 1);

    /// <summary>
    /// Writes a message to standard error and ends all processes with exit code 1. Does nothing more in a single
    /// process.
    /// </summary>
    public abstract void Abort(string message);

    /// <summary>
    /// Ends all processes because of an error on this rank. If all ranks call this at once, the error is common to all
    /// and the caller reports it.
    /// </summary>
    public abstract void Fail(Exception error);

    public unsafe void AllReduce<T>(Span<T> values, Reduction reduction) where T : unmanaged
    {
        fixed (T* start = values) BeginAllReduce(start, values.Length, reduction).Wait();
    }

    public T AllReduce<T>(T value, Reduction reduction) where T : unmanaged
    {
        AllReduce(new Span<T>(ref value), reduction);
        return value;
    }

    /// <summary>Returns the bytes of rank 0. Only rank 0 needs their length.</summary>
    /// <param name="bytes">Ignored on other ranks.</param>
    public byte[] Broadcast(byte[]? bytes)
    {
        var length = new byte[sizeof(int)];
        if (IsFirst) BitConverter.TryWriteBytes(length, bytes!.Length);
        Broadcast(length.AsSpan());
        var all = IsFirst ? bytes! : new byte[BitConverter.ToInt32(length)];
        Broadcast(all.AsSpan());
        return all;
    }

    /// <summary>Returns the texts of all ranks, in rank order.</summary>
    public string[] AllGather(string own) =>
        Array.ConvertAll(AllGather(Encoding.UTF8.GetBytes(own).AsSpan()), Encoding.UTF8.GetString);
}
