using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT;

/// <summary>
/// Equation 2 of CVPR 2022: ||W_n||_2 / sqrt(P_n), W_n being all P_n weights of the convolutions that make channel n, over the coupled
/// group; the root mean square of a channel's weights.
/// </summary>
internal static class MagnitudeImportance
{
    /// <summary>Scores every channel.</summary>
    /// <param name="groups">The groups.</param>
    /// <param name="tensors">The weights by name.</param>
    /// <returns>One score a channel, group after group.</returns>
    public static double[] Score(ChannelGroups groups, IReadOnlyDictionary<string, Tensor> tensors)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var scores = new List<Tensor>();
        var kernels = groups.Flow.Definition.Parameters.Where(p => p.Role == ParameterRole.Weight).Select(p => p.Name).ToHashSet();
        foreach (var group in groups.Groups)
        {
            var squares = zeros(group.Width, device: tensors[group.Members[0].Parameter].device);
            long weights = 0;
            foreach (var member in group.Members.Where(m => m.Dimension == 0 && kernels.Contains(m.Parameter)))
            {
                var weight = tensors[member.Parameter];
                var sum = weight.square().sum([.. Enumerable.Range(1, (int)weight.dim() - 1).Select(d => (long)d)]);
                squares.index_add_(0, Positions(member, weight.device), sum.index_select(0, tensor(member.Indices, device: weight.device)), 1);
                // Every channel has as many indices as the others.
                weights += weight.numel() / weight.shape[0] * (member.Indices.Length / group.Width);
            }
            scores.Add(squares.div(weights).sqrt());
        }
        return cat(scores).to(ScalarType.Float64).cpu().data<double>().ToArray();
    }

    private static Tensor Positions(GroupMember member, Device device) => tensor(Array.ConvertAll(member.Channels, c => (long)c), device: device);
}
