namespace Microsoft.ML.PaT.Pruning;

/// <summary>Decision of a policy.</summary>
/// <param name="Prune">Whether to prune now.</param>
/// <param name="Reason">Reason for the log and the report, one sentence without a period.</param>
public sealed record PolicyDecision(bool Prune, string Reason)
{
    /// <summary>Threshold of the indicator.</summary>
    /// <value>Default null: the policy has no threshold, or it is not defined yet.</value>
    public double? Tau { get; init; }
}
