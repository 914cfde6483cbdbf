using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <summary>The dense network before pruning, as the teacher of the compact one. Owns it.</summary>
internal sealed class Teacher : IDisposable
{
    private readonly DistillationOptions _options;
    private readonly TrainableNetwork _network;

    /// <param name="network">The dense network; owned by this object.</param>
    public Teacher(DistillationOptions options, TrainableNetwork network)
    {
        (_options, _network) = (options, network);
        network.Module.eval();
    }

    /// <summary>Computes the logits of the dense network.</summary>
    /// <param name="input">Input of the compact network, [N,C,H,W].</param>
    /// <returns>[N,classes], in the caller's dispose scope.</returns>
    public Tensor Logits(Tensor input, ComputePrecision precision = default)
    {
        using var noGradient = no_grad();
        return _network.Module.Forward(InLayout(input), precision);
    }

    /// <summary>Combines the losses of a batch with the distillation term.</summary>
    /// <param name="losses">Cross-entropy, [N].</param>
    /// <param name="logits">Logits of the compact network, [N,classes].</param>
    /// <param name="taught">Logits of the dense network, [N,classes].</param>
    /// <returns>[N], in the caller's dispose scope.</returns>
    public Tensor Blend(Tensor losses, Tensor logits, Tensor taught)
    {
        var (weight, temperature) = (_options.Weight, _options.Temperature);
        var goal = taught.Over(temperature).log_softmax(1);
        var divergence = (goal.exp() * (goal - logits.Over(temperature).log_softmax(1))).sum(1);
        return losses.Times(1 - weight).Plus(divergence.Times(weight * temperature * temperature));
    }

    /// <summary>Tensors for a checkpoint, in the caller's dispose scope.</summary>
    public Dictionary<string, Tensor> State() => _network.State();

    public void Dispose() => _network.Dispose();

    /// <summary>The compact network may use another memory format.</summary>
    private Tensor InLayout(Tensor input) =>
        _network.ChannelsLast ? input.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : input.contiguous();
}
