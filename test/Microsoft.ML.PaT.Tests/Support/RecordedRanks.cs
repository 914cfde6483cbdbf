using Microsoft.ML.PaT.Distributed;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Two ranks that run one after the other in this process: rank 1 receives what rank 0 sent.</summary>
internal sealed class RecordedRanks : Communicator
{
    private readonly Queue<byte[]> _sent = new();
    private int _rank;

    public List<long> Lengths { get; } = [];

    public override int Rank => _rank;

    public override int Size => 2;

    public override int LocalRank => _rank;

    public override int LocalSize => 2;

    public override string Library => "recorded";

    public override IReadOnlyList<string> Names { get; } = ["Rank 0", "Rank 1"];

    public RecordedRanks As(int rank)
    {
        _rank = rank;
        return this;
    }

    public override void Broadcast(Span<byte> bytes)
    {
        if (_rank > 0)
        {
            _sent.Dequeue().CopyTo(bytes);
            return;
        }
        _sent.Enqueue(bytes.ToArray());
        Lengths.Add(bytes.Length);
    }

    public override unsafe PendingReduction BeginAllReduce<T>(T* values, int count, Reduction reduction) =>
        throw new NotSupportedException();

    public override byte[][] AllGather(ReadOnlySpan<byte> own) => throw new NotSupportedException();

    public override void Barrier(int patience = 1)
    {
    }

    public override void Abort(string message) => throw new NotSupportedException();

    public override void Fail(Exception error) => throw new NotSupportedException();
}
