using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Training;
using Microsoft.ML.PaT.Training.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Pruning.Scoring;

/// <summary>SNIP (ICLR 2019), per filter: the sum of |w*g|, g being the gradient of the mean loss on the probe images at this moment.</summary>
internal sealed class SnipImportance(ChannelGroups groups, TrainableNetwork network, ProbeBatches images, GroupReduction reduction) : Importance
{
    private readonly ChannelRows _rows = ChannelRows.OfWeights(groups, network.Device);

    public override Tensor Score(int stretches)
    {
        using var scope = NewDisposeScope();
        using var copy = network.Copy();
        var batches = images.Show(copy, (logits, labels) => FusedNormFunction.BackwardFrom(nn.functional.cross_entropy(logits, labels)));
        using var noGradient = no_grad();
        var products = _rows.Weights.Select(w => ChannelRows.Sums(copy.Tensors[w].mul(copy.Tensors[w].grad!).abs_())).ToArray();
        return _rows.Reduce(cat(products).Over_(batches), reduction).MoveToOuterDisposeScope();
    }

    public override void Dispose() => _rows.Dispose();
}
