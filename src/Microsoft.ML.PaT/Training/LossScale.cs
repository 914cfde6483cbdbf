using Microsoft.ML.PaT.Core;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <summary>
/// Factor of the loss in the backward pass, which prevents gradient underflow in float16. It doubles after 2,000 steps
/// without overflow and halves at each overflow, whose step is skipped (Micikevicius et al., ICLR 2018; the values are
/// PyTorch's). Powers of two do not change the digits.
/// </summary>
internal sealed class LossScale
{
    private const double First = 65536, Highest = 16777216, Least = 1;
    private const int GrowsAfter = 2000;

    public double Factor { get; private set; } = First;

    /// <summary>Steps without overflow since the factor last changed.</summary>
    public int GoodSteps { get; private set; }

    /// <summary>
    /// Whether the gradients of the last step overflowed at the lowest factor: training has diverged, and the run ends,
    /// so no checkpoint has this state.
    /// </summary>
    public bool IsExhausted { get; private set; }

    /// <param name="finite">Whether the gradients of the step were finite.</param>
    public void Update(bool finite)
    {
        IsExhausted = !finite && Factor == Least;
        if (!finite)
        {
            (Factor, GoodSteps) = (Math.Max(Least, Factor / 2), 0);
            return;
        }
        if (++GoodSteps < GrowsAfter) return;
        (Factor, GoodSteps) = (Math.Min(Highest, Factor * 2), 0);
    }

    /// <summary>
    /// Divides the gradients by the factor and checks them. Sets non-finite gradients to zero. Waits for the device.
    /// </summary>
    /// <returns>Whether to apply the step.</returns>
    public bool Unscale(TrainableNetwork network)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        network.Decayed.Gradients.Times_(1 / Factor);
        network.Undecayed.Gradients.Times_(1 / Factor);
        var finite =
            float.IsFinite(network.Decayed.Gradients.sum().Plus(network.Undecayed.Gradients.sum()).item<float>());
        if (!finite)
        {
            network.Decayed.Gradients.zero_();
            network.Undecayed.Gradients.zero_();
        }
        Update(finite);
        return finite;
    }

    /// <summary>State for a checkpoint, in the caller's dispose scope.</summary>
    public Tensor State() => tensor(new[] { Factor, GoodSteps });

    public void Restore(Tensor state)
    {
        var values = state.data<double>();
        (Factor, GoodSteps) = (values[0], (int)values[1]);
    }
}
