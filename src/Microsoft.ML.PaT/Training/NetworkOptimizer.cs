using System.Diagnostics;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <summary>
/// Updates the parameters of a network. The state is stored with the parameters, so that pruning and checkpoints
/// include it.
/// </summary>
internal abstract class NetworkOptimizer(TrainingOptions options)
{
    private LayerRates? _rates;

    private protected TrainingOptions Options { get; } = options;

    public static NetworkOptimizer Of(TrainingOptions options) => options.Optimizer switch
    {
        Optimizer.AdamW => new AdamWOptimizer(options),
        Optimizer.Lars => new LarsOptimizer(options),
        Optimizer.Sgd => new SgdOptimizer(options),
        _ => throw new UnreachableException(),
    };

    /// <summary>Updates all parameters and zeroes their gradients.</summary>
    /// <param name="network">The network after the backward pass of this step.</param>
    public void Step(TrainableNetwork network, StepRates rates)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        network.Steps++;
        Prepare(network.Decayed);
        DropFrozen(network); // of what the preparation added
        var factors = RatesOf(network);
        Move(network.Decayed, factors, rates, network.Steps, isNorms: false);
        Move(network.Undecayed, factors, rates, network.Steps, isNorms: true);
    }

    /// <summary>Zeroes the gradients of frozen layers, before gradients are clipped.</summary>
    public void DropFrozen(TrainableNetwork network)
    {
        var factors = RatesOf(network);
        if (!factors.Freezes) return;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach (var flat in new[] { network.Decayed, network.Undecayed })
        {
            foreach (var (start, count, _) in factors.Ranges(flat).Where(r => r.Factor == 0))
                flat.Gradients.narrow(0, start, count).zero_();
        }
    }

    /// <summary>Changes the gradients of whole weight tensors before the blocks are updated.</summary>
    private protected virtual void Prepare(FlatParameters weights)
    {
    }

    /// <summary>Updates a block of parameters.</summary>
    /// <param name="block">The block; its gradients may be overwritten.</param>
    /// <param name="step">Number of the step, from 1.</param>
    /// <param name="isNorms">Whether the parameters are norms and biases, which have no weight decay.</param>
    private protected abstract void Move(ParameterBlock block, StepRates rates, long step, bool isNorms);

    private LayerRates RatesOf(TrainableNetwork network)
    {
        if (_rates?.Definition != network.Definition) _rates = LayerRates.Of(network.Definition, Options);
        return _rates;
    }

    private void Move(FlatParameters flat, LayerRates factors, StepRates rates, long step, bool isNorms)
    {
        var size = ParameterBlock.SizeOf(flat);
        foreach (var (first, count, factor) in factors.Ranges(flat).Where(r => r.Factor > 0))
        {
            var own = factor == 1 ? rates : rates with { LearningRate = factor * rates.LearningRate };
            for (var start = first; start < first + count; start += size)
            {
                using var scope = NewDisposeScope();
                var block = new ParameterBlock(flat, start, Math.Min(size, first + count - start));
                Move(block, own, step, isNorms);
                block.Gradients.zero_();
            }
        }
    }
}
