using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Distributed;
using TorchSharp;

namespace Microsoft.ML.PaT.Modeling.Layers;

/// <summary>Inputs, tensors and mode of a layer's forward pass.</summary>
internal readonly struct LayerContext(
    IReadOnlyList<torch.Tensor> inputs,
    IReadOnlyDictionary<string, torch.Tensor> tensors,
    bool training,
    bool inPlace,
    torch.Generator? noise,
    torch.Tensor? mask = null,
    ComputePrecision precision = default,
    BatchSlice? slice = null,
    Communicator? ranks = null,
    IReadOnlySet<string>? frozenNorms = null)
{
    /// <summary>First input, [N,C,H,W].</summary>
    public torch.Tensor Input => inputs[0];

    public IReadOnlyList<torch.Tensor> Inputs => inputs;

    /// <summary>In training, dropout is active.</summary>
    public bool Training => training;

    /// <summary>Whether a batch-norm uses and updates batch statistics.</summary>
    public bool UsesBatchStatistics(string norm) => training && frozenNorms?.Contains(norm) != true;

    /// <summary>Whether the first input may be overwritten.</summary>
    public bool InPlace => inPlace;

    /// <summary>Ranks whose batches share the statistics of batch-norms; null for this process only.</summary>
    public Communicator? Ranks => ranks;

    /// <summary>Precision of convolutions and matrix products.</summary>
    public ComputePrecision Precision => precision;

    /// <summary>
    /// In the masked network of pruning tests: 1 for output channels that are kept, 0 for others, [1,C,1,1]; null
    /// otherwise.
    /// Norms across channels use only the kept ones.
    /// </summary>
    public torch.Tensor? Mask => mask;

    public torch.Tensor this[string name] => tensors[name];

    /// <summary>Draws a dropout mask: 1 / (1 - rate) with probability 1 - rate, otherwise 0.</summary>
    /// <param name="rate">Probability of 0.</param>
    public torch.Tensor Kept(long[] shape, double rate)
    {
        if (noise is null)
        {
            throw new InvalidOperationException(
                "A network with dropout trains with a generator: call NetworkModule.Train.");
        }
        var of = slice ?? shape[0];
        var kept = torch.empty([of.Total, .. shape[1..]], dtype: Input.dtype, device: Input.device);
        if (noise.device.type == Input.device_type) return of.Of(kept.bernoulli_(1 - rate, noise).Over_(1 - rate), 0);
        // A generator only works on its own device. For this call, the run's generator seeds one on that device, so
        // checkpoints only need the state of the run's generator.
        using var seed =
            torch.randint(0, long.MaxValue, [1], dtype: torch.ScalarType.Int64, device: noise.device, generator: noise);
        using var there = new torch.Generator((ulong)seed.item<long>(), Input.device);
        return of.Of(kept.bernoulli_(1 - rate, there).Over_(1 - rate), 0);
    }
}
