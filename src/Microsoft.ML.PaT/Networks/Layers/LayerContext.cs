using TorchSharp;

namespace Microsoft.ML.PaT;

/// <summary>What a layer computes with: its inputs, its tensors by full name, and whether batch statistics are used.</summary>
internal readonly struct LayerContext(IReadOnlyList<torch.Tensor> inputs, IReadOnlyDictionary<string, torch.Tensor> tensors, bool training, bool inPlace)
{
    /// <summary>The first input, [N,C,H,W].</summary>
    public torch.Tensor Input => inputs[0];

    /// <summary>All inputs.</summary>
    public IReadOnlyList<torch.Tensor> Inputs => inputs;

    /// <summary>Whether the network trains: batch-norms then use, and update, batch statistics.</summary>
    public bool Training => training;

    /// <summary>Whether the first input may be overwritten.</summary>
    public bool InPlace => inPlace;

    /// <summary>The tensor of that full name.</summary>
    public torch.Tensor this[string name] => tensors[name];
}
