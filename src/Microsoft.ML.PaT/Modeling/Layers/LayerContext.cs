using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Distributed;
using TorchSharp;

namespace Microsoft.ML.PaT.Modeling.Layers;

/// <summary>What a layer computes with: its inputs, its tensors by full name, whether the network trains, and where dropout draws from then.</summary>
internal readonly struct LayerContext(
    IReadOnlyList<torch.Tensor> inputs, IReadOnlyDictionary<string, torch.Tensor> tensors, bool training, bool inPlace, torch.Generator? noise,
    torch.Tensor? mask = null, ComputePrecision precision = default, BatchSlice? slice = null, Communicator? ranks = null)
{
    /// <summary>The first input, [N,C,H,W].</summary>
    public torch.Tensor Input => inputs[0];

    /// <summary>All inputs.</summary>
    public IReadOnlyList<torch.Tensor> Inputs => inputs;

    /// <summary>Whether the network trains: batch-norms then use, and update, batch statistics, and dropout drops.</summary>
    public bool Training => training;

    /// <summary>Whether the first input may be overwritten.</summary>
    public bool InPlace => inPlace;

    /// <summary>The ranks whose batches count together in the statistics of batch-norms; null for this one alone.</summary>
    public Communicator? Ranks => ranks;

    /// <summary>The type that convolutions and matrix products compute in.</summary>
    public ComputePrecision Precision => precision;

    /// <summary>In the masked reference that surgery is checked against, 1 for a channel of the output that stays and 0 for others, [1,C,1,1]; null otherwise. Norms across channels count only those that stay.</summary>
    public torch.Tensor? Mask => mask;

    /// <summary>The tensor of that full name.</summary>
    public torch.Tensor this[string name] => tensors[name];

    /// <summary>Draws what stays: a tensor like the input, 1 / (1 - rate) with probability 1 - rate, else 0.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="rate">Probability of 0.</param>
    public torch.Tensor Kept(long[] shape, double rate)
    {
        if (noise is null) throw new InvalidOperationException("A network with dropout trains with a generator: call NetworkModule.Train.");
        var of = slice ?? shape[0];
        var kept = torch.empty([of.Total, .. shape[1..]], dtype: Input.dtype, device: Input.device);
        if (noise.device.type == Input.device_type) return of.Of(kept.bernoulli_(1 - rate, noise).Over_(1 - rate), 0);
        // A generator draws on its own device only. The run's gives one of that device its seed, for this call, and so stays all the state there is.
        using var seed = torch.randint(0, long.MaxValue, [1], dtype: torch.ScalarType.Int64, device: noise.device, generator: noise);
        using var there = new torch.Generator((ulong)seed.item<long>(), Input.device);
        return of.Of(kept.bernoulli_(1 - rate, there).Over_(1 - rate), 0);
    }
}
