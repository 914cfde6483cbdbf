using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <summary>
/// Keeps the losses of consecutive steps on the device, and reads several at a time, because reading waits for the
/// device. Owns its tensor.
/// </summary>
/// <param name="from">First step.</param>
/// <param name="to">The step after the last one.</param>
internal sealed class LossReader(EpochBatches batches, BatchGradients gradients, int from, int to, Device device)
    : IDisposable
{
    private readonly Tensor _losses = zeros(to - from, dtype: float32, device: device).DetachFromDisposeScope();
    private int _read; // losses, from the first one

    /// <summary>Sum over the steps that were read of the loss times the number of images.</summary>
    public double Sum { get; private set; }

    /// <param name="loss">The mean loss of the batch.</param>
    public void Add(int step, Tensor loss)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        _losses.narrow(0, step - from, 1).copy_(loss);
    }

    /// <summary>Reads the losses of all steps before a step.</summary>
    /// <returns>The first step whose loss has diverged, and what is wrong with it; null if there is none.</returns>
    public (int Step, string What)? ReadTo(int until)
    {
        if (until == from + _read) return null;
        using var scope = NewDisposeScope();
        foreach (var loss in _losses.narrow(0, _read, until - from - _read).cpu().data<float>())
        {
            var step = from + _read;
            if (Divergence.OfLoss(loss, gradients.MeanWeight(batches, step)) is { } what) return (step, what);
            Sum += (double)loss * batches.Size(step);
            _read++;
        }
        return null;
    }

    public void Dispose() => _losses.Dispose();
}
