using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Training;
using Microsoft.ML.PaT.Training.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Pruning.Scoring;

/// <summary>
/// GraSP (ICLR 2020), per filter: removing w changes the squared norm of the gradient by about -2 w*(H*g), so the sum of w*(H*g) is what a
/// filter does for the gradient flow. g is the gradient of the mean loss on the probe images, H*g comes from differentiating g a second
/// time, exactly. Logits are divided by 200, as published. Over all weights of convolutions and linear layers, biases and norms apart.
/// </summary>
internal sealed class GraspImportance(ChannelGroups groups, TrainableNetwork network, ProbeBatches images, GroupReduction reduction) : Importance
{
    private const double Temperature = 200;

    private readonly ChannelRows _rows = ChannelRows.OfWeights(groups, network.Device);

    public override Tensor Score(int stretches)
    {
        using var scope = NewDisposeScope();
        using var copy = network.Copy();
        var batches = images.Show(copy, (logits, labels) => FusedNormFunction.BackwardFrom(Loss(logits, labels)));
        var weights = copy.Decayed.Parameters.Values.ToArray();
        var gradients = Array.ConvertAll(weights, w => w.grad!.Over(batches));
        copy.Decayed.Gradients.zero_();
        images.Show(copy, (logits, labels) =>
        {
            // A layer that nothing reads has no gradient. Unlike in PyTorch, create_graph does not imply retain_graph.
            var again = autograd.grad([Loss(logits, labels)], weights, retain_graph: true, create_graph: true, allow_unused: true);
            var product = again.Zip(gradients).Where(p => p.First is not null).Select(p => p.First.mul(p.Second).sum()).Aggregate((a, b) => a.Plus(b));
            FusedNormFunction.BackwardFrom(product);
        });
        using var noGradient = no_grad();
        var products = _rows.Weights.Select(w => ChannelRows.Sums(copy.Tensors[w].mul(copy.Tensors[w].grad!))).ToArray();
        return _rows.Reduce(cat(products).Over_(batches), reduction).MoveToOuterDisposeScope();
    }

    public override void Dispose() => _rows.Dispose();

    private static Tensor Loss(Tensor logits, Tensor labels) => nn.functional.cross_entropy(logits.Over(Temperature), labels);
}
