using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Pruning.Scoring;

/// <summary>
/// SynFlow (NeurIPS 2020), per filter: the flow |w*dR/dw| through the network of absolute weights, R being the sum of its outputs for one image
/// of ones. In every layer that all paths cross the scores sum up to R. Channels are masked in rounds, exponentially down to the target,
/// and what is left is scored anew in each, so that no layer dries up. Nothing is removed from the network itself.
/// </summary>
/// <remarks>
/// So that R is linear in every weight, shifts, biases and running means are 0, and activations pass what is positive; gates (sigmoids) stay
/// as they are and saturate open, so what only feeds them has no flow and goes first. In float64: the flow of a deep network exceeds float32.
/// </remarks>
internal sealed class SynFlowImportance : Importance
{
    /// <summary>Rounds of the paper.</summary>
    public const int PublishedRounds = 100;

    private readonly ChannelGroups _groups;
    private readonly TrainableNetwork _network;
    private readonly GroupReduction _reduction;
    private readonly Func<Tensor, double, PruningPlan> _rank;
    private readonly int _rounds;
    private readonly ChannelRows _rows;
    private readonly NetworkDefinition _linear;

    /// <summary>Prepares the scoring.</summary>
    /// <param name="groups">The groups of the network.</param>
    /// <param name="network">The network; not owned.</param>
    /// <param name="reduction">How the layers of a channel become one score.</param>
    /// <param name="rank">Chooses channels that stay by their scores, for a part of the way to the target, fraction 0 to 1; not called where there is one round.</param>
    /// <param name="rounds">Rounds of masking and scoring.</param>
    public SynFlowImportance(ChannelGroups groups, TrainableNetwork network, GroupReduction reduction, Func<Tensor, double, PruningPlan> rank, int rounds = PublishedRounds)
    {
        (_groups, _network, _reduction, _rank, _rounds) = (groups, network, reduction, rank, rounds);
        _rows = ChannelRows.OfWeights(groups, network.Device);
        var definition = network.Definition;
        _linear = new(definition.Name, definition.Input, [.. definition.Layers.Select(l =>
            l is ActivationLayer { Function: not (ActivationFunction.Sigmoid or ActivationFunction.HardSigmoid) } activation ? activation with { Function = ActivationFunction.Relu } : l)]);
    }

    public override Tensor Score(int stretches)
    {
        using var scope = NewDisposeScope();
        using var module = Flow();
        var shape = _network.Definition.Input;
        var image = ones(1, shape.Channels, shape.Height, shape.Width, dtype: float64, device: _network.Device);
        var tensors = module.Trained.ToDictionary();
        var maskedIn = new int[_rows.Channels];
        for (var round = 1; ; round++)
        {
            var scores = Round(module, image, tensors);
            if (round == _rounds) return BelowTheLiving(scores, maskedIn).MoveToOuterDisposeScope();
            Mask(tensors, _rank(scores, (double)round / _rounds), maskedIn, round);
        }
    }

    public override void Dispose() => _rows.Dispose();

    private Tensor Round(NetworkModule module, Tensor image, Dictionary<string, Tensor> tensors)
    {
        using var scope = NewDisposeScope();
        Tensor[] weights = [.. _rows.Weights.Select(w => tensors[w])];
        var gradients = autograd.grad([module.call(image).sum()], weights, allow_unused: true);
        using var noGradient = no_grad();
        var rows = weights.Zip(gradients, (w, g) => g is null ? zeros(w.shape[0], dtype: float64, device: w.device) : ChannelRows.Sums(w.mul(g).abs_()));
        return _rows.Reduce(cat([.. rows]), _reduction).MoveToOuterDisposeScope();
    }

    /// <summary>The network of absolute weights.</summary>
    private NetworkModule Flow()
    {
        using var noGradient = no_grad();
        var module = new NetworkModule(_linear, _linear.Parameters.ToDictionary(p => p.Name, p =>
        {
            var value = _network.Tensors[p.Name].detach().to(float64);
            value = p.Role switch
            {
                ParameterRole.Bias or ParameterRole.NormShift or ParameterRole.RunningMean => zeros_like(value),
                ParameterRole.RunningVariance => value.clone(),
                _ => value.abs(),
            };
            return p.Trainable ? value.requires_grad_() : value;
        }));
        module.eval();
        return module;
    }

    private void Mask(Dictionary<string, Tensor> tensors, PruningPlan plan, int[] maskedIn, int round)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var slot = 0;
        foreach (var group in _groups.Groups)
        {
            var kept = plan.Kept[group.Name].ToHashSet();
            var gone = Enumerable.Range(0, group.Width).Where(c => !kept.Contains(c) && maskedIn[slot + c] == 0).ToHashSet();
            foreach (var channel in gone) maskedIn[slot + channel] = round;
            slot += group.Width;
            if (gone.Count == 0) continue;
            // What makes the channels: filters along dimension 0, tokens and positions along their last.
            foreach (var member in group.Members.Where(m => m.Dimension != 1 && tensors.ContainsKey(m.Parameter)))
            {
                var values = tensors[member.Parameter];
                var mask = Enumerable.Repeat(1.0, (int)values.shape[member.Dimension]).ToArray();
                for (var i = 0; i < member.Indices.Length; i++)
                {
                    if (gone.Contains(member.Channels[i])) mask[member.Indices[i]] = 0;
                }
                values.mul_(tensor(mask, device: values.device).view([-1, .. Enumerable.Repeat(1L, (int)values.dim() - 1 - member.Dimension)]));
            }
        }
    }

    /// <summary>Masked channels have no flow. Whoever needs one of them after all, because widths go in steps, takes those first that were masked last.</summary>
    private Tensor BelowTheLiving(Tensor scores, int[] maskedIn)
    {
        var values = scores.cpu().data<double>().ToArray();
        var least = values.Where((_, c) => maskedIn[c] == 0).DefaultIfEmpty(0).Min();
        for (var c = 0; c < values.Length; c++)
        {
            if (maskedIn[c] > 0) values[c] = least * maskedIn[c] / _rounds;
        }
        return tensor(values);
    }
}
