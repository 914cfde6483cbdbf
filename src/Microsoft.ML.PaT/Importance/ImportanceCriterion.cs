namespace Microsoft.ML.PaT;

/// <summary>What makes a channel important.</summary>
public enum ImportanceCriterion
{
    /// <summary>First-order Taylor estimate of the loss change, from the gradients that training makes anyway: |gamma*dL/dgamma + beta*dL/dbeta| of the batch-norms of a channel.</summary>
    Taylor,

    /// <summary>Root mean square of the weights of a channel (CVPR 2022, equation 2).</summary>
    Magnitude,
}
