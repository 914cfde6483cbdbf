namespace Microsoft.ML.PaT.Distributed;

/// <summary>One process: every collective is the identity.</summary>
internal sealed class SingleProcess : Communicator
{
    public static SingleProcess Instance { get; } = new();

    public override int Rank => 0;

    public override int Size => 1;

    public override int LocalRank => 0;

    public override int LocalSize => 1;

    public override string Library => "one process";

    public override IReadOnlyList<string> Names { get; } = ["Rank 0"];

    public override unsafe PendingReduction BeginAllReduce<T>(T* values, int count, Reduction reduction) => default;

    public override void Broadcast(Span<byte> bytes)
    {
    }

    public override byte[][] AllGather(ReadOnlySpan<byte> own) => [own.ToArray()];

    public override void Barrier(int patience = 1)
    {
    }

    public override void Fail(Exception error)
    {
    }

    public override void Abort(string message)
    {
    }
}
