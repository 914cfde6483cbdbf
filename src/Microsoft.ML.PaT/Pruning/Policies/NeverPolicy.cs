using Microsoft.ML.PaT.Pruning;

namespace Microsoft.ML.PaT;

/// <summary>Never prunes: the dense reference.</summary>
public sealed record NeverPolicy : PruningPolicy
{
    /// <inheritdoc/>
    public override string Name => "never";

    internal override bool Prunes => false;

    /// <inheritdoc/>
    public override PolicyDecision Decide(IReadOnlyList<PolicyObservation> observations) =>
        new(false, "the policy never prunes");

    internal override bool CanStartAt(int epoch, TrainingOptions training, bool gradients) => true;
}
