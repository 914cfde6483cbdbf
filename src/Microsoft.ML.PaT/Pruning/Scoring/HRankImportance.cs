using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Pruning.Scoring;

/// <summary>
/// HRank (Lin et al., CVPR 2020): the mean rank of a channel's feature maps over 500 images, in evaluation mode. As in
/// the paper's code, a feature map is the output of the activation, because the output of a convolution nearly always
/// has full rank.
/// </summary>
internal sealed record HRankImportance : Importance
{
    /// <summary>Number of images in the paper.</summary>
    private const int Images = 500;

    public override string Name => "hrank";

    public override Tensor Score(ImportanceContext context)
    {
        using var probe = context.Probe();
        var maps = FeatureMaps(context.Network);
        var observed = maps.Values.ToHashSet();
        var sums = new Dictionary<string, double[]>();
        var images = 0L;
        context.ForEachBatch((batch, _) =>
        {
            using var noGradient = no_grad();
            probe.Forward(batch, (layer, output) =>
            {
                if (!observed.Contains(layer)) return;
                var ranks =
                    linalg.matrix_rank(output.contiguous()).to(float64).sum([0L]).cpu().data<double>().ToArray();
                sums[layer] = sums.TryGetValue(layer, out var sum) ? [.. sum.Zip(ranks, (a, b) => a + b)] : ranks;
            });
            images += batch.shape[0];
        }, Images);
        return context.FromOutputs(layer => tensor(sums[maps[layer]], device: context.Device).Over(images));
    }

    /// <summary>
    /// For each layer, the layer whose output is its feature map: the last of the batch-norms, additions and
    /// activations that follow it directly.
    /// </summary>
    private static Dictionary<string, string> FeatureMaps(NetworkDefinition network)
    {
        var readers =
            network.Layers.SelectMany(l => l.Inputs.Select(input => (input, l))).ToLookup(r => r.input, r => r.l);
        return network.Layers.ToDictionary(l => l.Name, l =>
        {
            var map = l;
            while (readers[map.Name].ToList() is [BatchNormLayer or AddLayer or ActivationLayer] next) map = next[0];
            return map.Name;
        });
    }
}
