namespace Microsoft.ML.PaT;

/// <summary>Scope in which channels are ranked.</summary>
public enum RankingScope
{
    /// <summary>All channels of the network: important groups stay wider.</summary>
    Global,

    /// <summary>
    /// The channels of each group: every group loses the same fraction, as far as width step and limits
    /// allow. The sub-network's widths are then constant, so this cannot be combined with the Early Pruning Indicator.
    /// </summary>
    PerLayer,
}
