using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <summary>
/// Updates the parameters of a network. The state is stored with the parameters, so that pruning and checkpoints
/// include it.
/// </summary>
internal abstract class NetworkOptimizer
{
    public static NetworkOptimizer Of(TrainingOptions options) => options.Optimizer switch
    {
        Optimizer.AdamW => new AdamWOptimizer(options),
        Optimizer.Lars => new LarsOptimizer(options),
        _ => new SgdOptimizer(options),
    };

    /// <summary>Updates all parameters and zeroes their gradients.</summary>
    /// <param name="network">The network after the backward pass of this step.</param>
    /// <param name="rates">Learning rate and momentum of this step.</param>
    public void Step(TrainableNetwork network, StepRates rates)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        network.Steps++;
        Prepare(network.Decayed);
        Move(network.Decayed, rates, network.Steps, isNorms: false);
        Move(network.Undecayed, rates, network.Steps, isNorms: true);
    }

    /// <summary>Changes the gradients of whole weight tensors before the blocks are updated.</summary>
    private protected virtual void Prepare(FlatParameters weights)
    {
    }

    /// <summary>Updates a block of parameters.</summary>
    /// <param name="block">The block; its gradients may be overwritten.</param>
    /// <param name="rates">Learning rate and momentum.</param>
    /// <param name="step">Number of the step, from 1.</param>
    /// <param name="isNorms">Whether the parameters are norms and biases, which have no weight decay.</param>
    private protected abstract void Move(ParameterBlock block, StepRates rates, long step, bool isNorms);

    private void Move(FlatParameters flat, StepRates rates, long step, bool isNorms)
    {
        var (count, size) = (flat.Values.numel(), ParameterBlock.SizeOf(flat));
        for (long start = 0; start < count; start += size)
        {
            using var scope = NewDisposeScope();
            var block = new ParameterBlock(flat, start, Math.Min(size, count - start));
            Move(block, rates, step, isNorms);
            block.Gradients.zero_();
        }
    }
}
