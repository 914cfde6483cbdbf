namespace Microsoft.ML.PaT.Reporting;

/// <summary>What a policy decides when it observes the sub-network.</summary>
public enum PruningDecision
{
    /// <summary>Train on, and observe again.</summary>
    Wait,

    /// <summary>Prune now.</summary>
    Prune,
}
