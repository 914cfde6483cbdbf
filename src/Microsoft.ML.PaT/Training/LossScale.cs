using Microsoft.ML.PaT.Core;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <summary>
/// What the loss is multiplied by before the backward pass, so that small gradients do not vanish in float16. It doubles after 2,000 steps without
/// overflow and halves at each overflow, whose step is left out (Micikevicius et al., ICLR 2018; the numbers are PyTorch's). Powers of two change no digit.
/// </summary>
internal sealed class LossScale
{
    private const double First = 65536, Highest = 16777216, Least = 1;
    private const int GrowsAfter = 2000;

    /// <summary>The factor.</summary>
    public double Factor { get; private set; } = First;

    /// <summary>Steps without an overflow since it last changed.</summary>
    public int GoodSteps { get; private set; }

    /// <summary>Steps left out one after the other, up to now.</summary>
    public int ConsecutiveSkips { get; private set; }

    /// <summary>Whether the scale is as low as it gets and gradients still overflow: the loss has diverged.</summary>
    public bool IsExhausted => Factor == Least && ConsecutiveSkips > 0;

    /// <summary>Notes a step.</summary>
    /// <param name="finite">Whether its gradients were finite.</param>
    public void Update(bool finite)
    {
        if (!finite)
        {
            (Factor, GoodSteps) = (Math.Max(Least, Factor / 2), 0);
            ConsecutiveSkips++;
            return;
        }
        ConsecutiveSkips = 0;
        if (++GoodSteps < GrowsAfter) return;
        (Factor, GoodSteps) = (Math.Min(Highest, Factor * 2), 0);
    }

    /// <summary>Takes the factor out of the gradients of a network, and notes whether they are finite. Gradients that are not are set to zero. Waits for the device.</summary>
    /// <returns>Whether the step is to be made.</returns>
    public bool Unscale(TrainableNetwork network)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        network.Decayed.Gradients.Times_(1 / Factor);
        network.Undecayed.Gradients.Times_(1 / Factor);
        var finite = float.IsFinite(network.Decayed.Gradients.sum().Plus(network.Undecayed.Gradients.sum()).item<float>());
        if (!finite)
        {
            network.Decayed.Gradients.zero_();
            network.Undecayed.Gradients.zero_();
        }
        Update(finite);
        return finite;
    }

    /// <summary>All of it, for a checkpoint; in the caller's scope.</summary>
    public Tensor State() => tensor(new[] { Factor, GoodSteps, ConsecutiveSkips });

    /// <summary>Goes on from what <see cref="State"/> gave.</summary>
    public void Restore(Tensor state)
    {
        var values = state.data<double>();
        (Factor, GoodSteps, ConsecutiveSkips) = (values[0], (int)values[1], (int)values[2]);
    }
}
