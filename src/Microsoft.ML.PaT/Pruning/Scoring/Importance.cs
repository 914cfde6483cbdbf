using TorchSharp;

namespace Microsoft.ML.PaT.Pruning.Scoring;

/// <summary>A criterion at work on one network: groups in, one score a channel out.</summary>
internal abstract class Importance : IDisposable
{
    /// <summary>Takes in the gradients of a training batch; call after the backward pass, before the step. For criteria that live on them.</summary>
    public virtual void Gather()
    {
    }

    /// <summary>Scores every channel.</summary>
    /// <param name="stretches">For criteria that gather gradients: the mean goes over the batches since so many calls of this method.</param>
    /// <returns>[channels], group after group, in the caller's scope; higher is more important.</returns>
    public abstract torch.Tensor Score(int stretches);

    public virtual void Dispose()
    {
    }
}
