namespace Microsoft.ML.PaT.Pruning.Policies;

/// <summary>Never prunes: the dense reference.</summary>
internal sealed record NeverPolicy : PruningPolicy
{
    public override string Name => "never";

    public override PolicyDecision Decide(IReadOnlyList<PolicyObservation> observations) =>
        new(false, "the policy never prunes");

    internal override bool CanStartAt(int epoch, TrainingOptions training, bool gradients) => true;
}
