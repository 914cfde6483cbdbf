using System.Text;

namespace Microsoft.ML.PaT.Distributed;

/// <summary>
/// The ranks of a run and their collectives. All ranks make the same calls in the same order, and all get the same result. A call throws
/// <see cref="DistributedTrainingException"/> when another rank does not take part within the timeout.
/// </summary>
internal abstract class Communicator
{
    /// <summary>A factor on the timeout of ranks that wait for one that decodes images or measures.</summary>
    public const int LongWork = 30;

    /// <summary>Number of this process, 0 to <see cref="Size"/> - 1.</summary>
    public abstract int Rank { get; }

    /// <summary>Processes in total.</summary>
    public abstract int Size { get; }

    /// <summary>Number of this process on its machine, from 0: the GPU to take.</summary>
    public abstract int LocalRank { get; }

    /// <summary>Processes on this machine.</summary>
    public abstract int LocalSize { get; }

    /// <summary>The library and its version, as it names itself.</summary>
    public abstract string Library { get; }

    /// <summary>Number, machine and process of each rank, by rank.</summary>
    public abstract IReadOnlyList<string> Names { get; }

    /// <summary>What this rank works on, such as <c>epoch 3, step 17</c>: part of the message when a rank hangs.</summary>
    public string Position { get; set; } = "the start";

    /// <summary>Whether this rank writes what the run writes.</summary>
    public bool IsFirst => Rank == 0;

    /// <summary>Starts an all-reduce in place.</summary>
    /// <typeparam name="T">float, double or long.</typeparam>
    /// <param name="values">Stays valid and untouched until <see cref="PendingReduction.Wait"/> returns.</param>
    /// <param name="count">Number of values.</param>
    /// <param name="reduction">How to combine.</param>
    public abstract unsafe PendingReduction BeginAllReduce<T>(T* values, int count, Reduction reduction) where T : unmanaged;

    /// <summary>Overwrites the bytes with those of rank 0.</summary>
    /// <param name="bytes">Of the same length on every rank.</param>
    public abstract void Broadcast(Span<byte> bytes);

    /// <summary>Returns the bytes of every rank, by rank.</summary>
    /// <param name="own">Of any length.</param>
    public abstract byte[][] AllGather(ReadOnlySpan<byte> own);

    /// <summary>Waits until every rank has called this.</summary>
    /// <param name="patience">A factor on the timeout, for work that takes one rank long, such as decoding images.</param>
    public abstract void Barrier(int patience = 1);

    /// <summary>Writes a message to standard error and ends all processes with exit code 1; a single process goes on.</summary>
    public abstract void Abort(string message);

    /// <summary>Ends all processes because of an error of this rank, unless all ranks call this at once: an error that all have is theirs to report.</summary>
    public abstract void Fail(Exception error);

    /// <summary>All-reduces values in place.</summary>
    public unsafe void AllReduce<T>(Span<T> values, Reduction reduction) where T : unmanaged
    {
        fixed (T* start = values) BeginAllReduce(start, values.Length, reduction).Wait();
    }

    /// <summary>All-reduces one value.</summary>
    public T AllReduce<T>(T value, Reduction reduction) where T : unmanaged
    {
        AllReduce(new Span<T>(ref value), reduction);
        return value;
    }

    /// <summary>Returns the bytes of rank 0, whose length only rank 0 has to provide.</summary>
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

    /// <summary>Returns the text of every rank, by rank.</summary>
    public string[] AllGather(string own) => Array.ConvertAll(AllGather(Encoding.UTF8.GetBytes(own).AsSpan()), Encoding.UTF8.GetString);
}
