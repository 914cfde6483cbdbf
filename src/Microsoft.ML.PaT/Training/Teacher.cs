using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Modeling;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <summary>The dense network as it was at the cut, for the compact one to learn from. Owns it.</summary>
internal sealed class Teacher : IDisposable
{
    private readonly DistillationOptions _options;
    private readonly TrainableNetwork _network;

    /// <summary>Takes a network over.</summary>
    /// <param name="options">How to learn from it.</param>
    /// <param name="network">The network.</param>
    public Teacher(DistillationOptions options, TrainableNetwork network)
    {
        (_options, _network) = (options, network);
        network.Module.eval();
    }

    /// <summary>What the dense network says of a batch.</summary>
    /// <param name="input">What the network that learns is shown, [N,C,H,W].</param>
    /// <param name="precision">The type that convolutions and matrix products compute in.</param>
    /// <returns>Logits, [N,classes], in the caller's scope.</returns>
    public Tensor Logits(Tensor input, ComputePrecision precision = default)
    {
        using var noGradient = no_grad();
        return _network.Module.Forward(InLayout(input), precision);
    }

    /// <summary>The losses of a batch, with what the dense network says of it.</summary>
    /// <param name="losses">Without, [N].</param>
    /// <param name="logits">Of the network that learns, [N,classes].</param>
    /// <param name="taught">Of the dense network.</param>
    /// <returns>[N], in the caller's scope.</returns>
    public Tensor Blend(Tensor losses, Tensor logits, Tensor taught)
    {
        var (weight, temperature) = (_options.Weight, _options.Temperature);
        var goal = taught.Over(temperature).log_softmax(1);
        var divergence = (goal.exp() * (goal - logits.Over(temperature).log_softmax(1))).sum(1);
        return losses.Times(1 - weight).Plus(divergence.Times(weight * temperature * temperature));
    }

    /// <summary>Its tensors, for a checkpoint. In the caller's scope.</summary>
    public Dictionary<string, Tensor> State() => _network.State();

    public void Dispose() => _network.Dispose();

    /// <summary>The compact network may want its images in another layout.</summary>
    private Tensor InLayout(Tensor input) => _network.ChannelsLast ? input.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : input.contiguous();
}
