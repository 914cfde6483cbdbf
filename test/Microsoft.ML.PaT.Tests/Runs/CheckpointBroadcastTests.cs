using Microsoft.ML.PaT.Runs;

namespace Microsoft.ML.PaT.Tests;

public class CheckpointBroadcastTests
{
    [TestCase(false)]
    [TestCase(true)]
    public void Other_ranks_receive_the_checkpoint_of_rank_0_in_one_message_per_tensor(bool isBranch)
    {
        using var folder = new TemporaryFolder();
        TinyRun.Stop(folder);
        var ranks = new RecordedRanks();
        using var first = CheckpointBroadcast.FromFirst(ranks.As(0), Read)!;
        using var second = CheckpointBroadcast.FromFirst(ranks.As(1), () => throw new AssertionException("rank 1"))!;
        Assert.That(second.Tensors.Keys, Is.EquivalentTo(first.Tensors.Keys));
        foreach (var (name, tensor) in first.Tensors)
        {
            Assert.That(second.Tensors[name].dtype, Is.EqualTo(tensor.dtype), name);
            TensorAssert.Close(second.Tensors[name], tensor, 0);
        }
        Assert.That(second.IsBranch, Is.EqualTo(isBranch));
        Assert.That(Bytes(second), Is.EqualTo(Bytes(first)), "the state too");
        var largest = first.Tensors.Values.Max(t => t.NumberOfElements * t.ElementSize);
        Assert.That(ranks.Lengths.Skip(2), Is.All.LessThanOrEqualTo(largest), "after the outline");

        Checkpoint Read()
        {
            var checkpoint = CheckpointFile.Read(folder.Checkpoints[^1]);
            return isBranch ? checkpoint.AsBranch() : checkpoint;
        }
    }

    [Test]
    public void A_run_from_the_beginning_has_none()
    {
        var ranks = new RecordedRanks();
        Assert.That(CheckpointBroadcast.FromFirst(ranks.As(0), () => null), Is.Null);
        Assert.That(CheckpointBroadcast.FromFirst(ranks.As(1), () => null), Is.Null);
    }

    private static byte[] Bytes(Checkpoint checkpoint)
    {
        using var stream = new MemoryStream();
        CheckpointFile.Write(stream, checkpoint.State, checkpoint.Tensors);
        return stream.ToArray();
    }
}
