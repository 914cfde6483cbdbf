using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Pruning.Scoring;

/// <summary>
/// GraSP (ICLR 2020), per filter: removing w changes the squared norm of the gradient by about -2 w*(H*g), so the score
/// is the sum of w*(H*g), the filter's contribution to the gradient flow. g is the gradient of the mean loss over the
/// batches; H*g is the exact derivative of g. Covers all weights of convolutions and linear layers, without biases and
/// norms.
/// </summary>
internal sealed record GraspImportance : Importance
{
    private const double Temperature = 200;

    public override string Name => "grasp";

    public override Tensor Score(ImportanceContext context)
    {
        using var probe = context.Probe();
        string[] names = [.. context.Network.Parameters.Where(p => p.Role == ParameterRole.Weight).Select(p => p.Name)];
        var weights = Array.ConvertAll(names, name => probe.Parameters[name]);
        probe.Train();
        var batches = context.ForEachBatch((images, labels) => probe.Backward(Loss(probe.Forward(images), labels)));
        var gradients = Array.ConvertAll(names, name => probe.Gradient(name).Over(batches));
        probe.ZeroGradients();
        probe.Train();
        context.ForEachBatch((images, labels) =>
        {
            // A layer whose output is not used has no gradient. In contrast to PyTorch, create_graph does not imply
            // retain_graph.
            var loss = Loss(probe.Forward(images), labels);
            var again = autograd.grad([loss], weights, retain_graph: true, create_graph: true, allow_unused: true);
            var products =
                again.Zip(gradients).Where(p => p.First is not null).Select(p => p.First.mul(p.Second).sum());
            probe.Backward(products.Aggregate((a, b) => a.Plus(b)));
        });
        return context.FromFilters(w => ChannelRows.Sums(probe.Parameters[w].mul(probe.Gradient(w))).Over_(batches));
    }

    private static Tensor Loss(Tensor logits, Tensor labels) =>
        nn.functional.cross_entropy(logits.Over(Temperature), labels);
}
