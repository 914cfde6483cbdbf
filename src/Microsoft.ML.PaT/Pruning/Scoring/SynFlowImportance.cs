using Microsoft.ML.PaT.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Pruning.Scoring;

/// <summary>
/// SynFlow (NeurIPS 2020), per filter: the flow |w*dR/dw| through the network of absolute weights; R is the sum of its
/// outputs for one image of ones. In every layer that all paths cross, the sum of the scores is R. Scoring in rounds
/// prevents a layer from losing all its flow.
/// </summary>
/// <remarks>
/// R must be linear in every weight: shifts, biases and running means are set to 0, and activations pass positive
/// values. Gates (sigmoids) are not changed and saturate, so filters that only feed gates have no flow and are removed
/// first. Uses float64, because the flow of a deep network exceeds float32.
/// </remarks>
internal sealed record SynFlowImportance : Importance
{
    public override string Name => "synflow";

    /// <summary>Number of rounds in the paper.</summary>
    public override int Rounds { get; } = 100;

    // The flow is conserved between layers, so scores are comparable.
    public override ScoreNormalization DefaultNormalization => ScoreNormalization.None;

    public SynFlowImportance()
    {
    }

    internal SynFlowImportance(int rounds) => Rounds = rounds;

    public override Tensor Score(ImportanceContext context)
    {
        using var probe = context.Probe(ScalarType.Float64, Linear(context.Network));
        using (no_grad())
        {
            foreach (var spec in context.Network.Parameters)
            {
                var value = probe.Parameters[spec.Name];
                if (spec.Role is ParameterRole.Bias or ParameterRole.NormShift or ParameterRole.RunningMean)
                    value.zero_();
                else value.abs_();
            }
        }
        var shape = context.Network.Input;
        var image = ones(1, shape.Channels, shape.Height, shape.Width, dtype: float64, device: context.Device);
        probe.Backward(probe.Forward(image).sum());
        return context.FromFilters(w => ChannelRows.Sums(probe.Parameters[w].mul(probe.Gradient(w)).abs_()));
    }

    private static NetworkDefinition Linear(NetworkDefinition network) =>
        new(
            network.Name,
            network.Input,
            [
                .. network.Layers.Select(l =>
                    l
                        is ActivationLayer
                        {
                            Function: not (ActivationFunction.Sigmoid or ActivationFunction.HardSigmoid)
                        } activation
                        ? activation with { Function = ActivationFunction.Relu }
                        : l),
            ]);
}
