using System.Text.Json;
using Microsoft.ML.PaT.Distributed;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Runs;

/// <summary>
/// Sends a checkpoint of rank 0 to the other ranks: first its state and the shapes of its tensors, then each tensor as
/// a message of its own, because a message has at most 2 GiB.
/// </summary>
internal static class CheckpointBroadcast
{
    /// <param name="ranks">All ranks.</param>
    /// <param name="start">Called on rank 0 only; null for a run from the beginning.</param>
    /// <returns>Owned by the caller.</returns>
    public static Checkpoint? FromFirst(Communicator ranks, Func<Checkpoint?> start)
    {
        Checkpoint? own = null;
        var outline = ranks.FromFirst(() =>
        {
            own = start();
            return own is null ? [] : JsonSerializer.SerializeToUtf8Bytes(Outline.Of(own), CheckpointFile.Json);
        });
        if (outline.Length == 0) return null;
        var checkpoint = own ?? JsonSerializer.Deserialize<Outline>(outline, CheckpointFile.Json)!.Checkpoint();
        foreach (var (_, tensor) in checkpoint.Tensors.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            if (tensor.NumberOfElements > 0) ranks.Broadcast(tensor.bytes);
        }
        return checkpoint;
    }

    /// <summary>A checkpoint without the values of its tensors.</summary>
    private sealed record Outline(CheckpointState State, bool IsBranch, Dictionary<string, TensorOutline> Tensors)
    {
        public static Outline Of(Checkpoint checkpoint) => new(
            checkpoint.State,
            checkpoint.IsBranch,
            checkpoint.Tensors.ToDictionary(t => t.Key, t => new TensorOutline(t.Value.dtype, t.Value.shape)));

        /// <summary>The checkpoint with tensors that are not filled yet.</summary>
        public Checkpoint Checkpoint()
        {
            var checkpoint = new Checkpoint(State, Tensors.ToDictionary(t => t.Key, t => t.Value.Empty()));
            return IsBranch ? checkpoint.AsBranch() : checkpoint;
        }
    }

    private sealed record TensorOutline(ScalarType Type, long[] Shape)
    {
        public Tensor Empty() => empty(Shape, dtype: Type, device: CPU).DetachFromDisposeScope();
    }
}
