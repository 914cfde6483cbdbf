using TorchSharp;

namespace Microsoft.ML.PaT;

/// <summary>What a layer computes with: its inputs, its tensors by full name, and whether the network trains.</summary>
internal readonly struct LayerContext(IReadOnlyList<torch.Tensor> inputs, IReadOnlyDictionary<string, torch.Tensor> tensors, bool training, bool inPlace, Func<torch.Device, torch.Generator> noise)
{
    /// <summary>The first input, [N,C,H,W].</summary>
    public torch.Tensor Input => inputs[0];

    /// <summary>All inputs.</summary>
    public IReadOnlyList<torch.Tensor> Inputs => inputs;

    /// <summary>Whether the network trains: batch-norms then use, and update, batch statistics, and dropout drops.</summary>
    public bool Training => training;

    /// <summary>Whether the first input may be overwritten.</summary>
    public bool InPlace => inPlace;

    /// <summary>The tensor of that full name.</summary>
    public torch.Tensor this[string name] => tensors[name];

    /// <summary>Draws what stays: a tensor like the input, 1 / (1 - rate) with probability 1 - rate, else 0.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="rate">Probability of 0.</param>
    public torch.Tensor Kept(long[] shape, double rate)
    {
        var device = Input.device;
        var kept = torch.empty(shape, dtype: Input.dtype, device: device).bernoulli_(1 - rate, noise(device));
        return kept.div_(1 - rate);
    }
}
