using System.Runtime.InteropServices;
using Microsoft.ML.PaT.Distributed;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <summary>
/// All-reduces the gradients of a step. They are in two flat buffers, so buckets are slices of these; all buckets are
/// sent at once. Gradients on a GPU are copied through host memory.
/// </summary>
internal sealed class GradientExchange(Communicator ranks)
{
    private const int BucketLength = 4 << 20;

    /// <param name="network">Its gradients become those of the whole batch, bit-identical on all ranks.</param>
    /// <param name="loss">This rank's contribution to the mean loss, float []; becomes the mean loss.</param>
    /// <param name="stops">Whether this rank stops after the step.</param>
    /// <returns>Whether any rank stops.</returns>
    /// <exception cref="DistributedTrainingException">Another rank is lost or hangs.</exception>
    public bool Sum(TrainableNetwork network, Tensor loss, bool stops)
    {
        if (ranks.Size == 1) return stops;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor[] gradients = [network.Decayed.Gradients, network.Undecayed.Gradients];
        var host = Array.ConvertAll(gradients, g => g.detach().cpu());
        var pending = host.SelectMany(Begin).ToList();
        Span<double> signals = [loss.item<float>(), stops ? 1 : 0];
        ranks.AllReduce(signals, Reduction.Sum);
        pending.ForEach(p => p.Wait());
        foreach (var (gradient, summed) in gradients.Zip(host))
        {
            if (gradient.device_type != DeviceType.CPU) gradient.copy_(summed);
        }
        using var mean = signals[0].ToScalar();
        loss.fill_(mean);
        return signals[1] > 0;
    }

    private unsafe List<PendingReduction> Begin(Tensor values)
    {
        var all = MemoryMarshal.Cast<byte, float>(values.bytes);
        var pending = new List<PendingReduction>();
        // The memory of a tensor does not move.
        fixed (float* start = all)
        {
            for (var at = 0; at < all.Length; at += BucketLength)
                pending.Add(ranks.BeginAllReduce(start + at, Math.Min(BucketLength, all.Length - at), Reduction.Sum));
        }
        return pending;
    }
}
