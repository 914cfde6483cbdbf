using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <summary>Moves the parameters of a network against their gradients. The state lies with the parameters, so that surgery and checkpoints carry it.</summary>
internal abstract class NetworkOptimizer
{
    /// <summary>The optimizer that was asked for.</summary>
    public static NetworkOptimizer Of(TrainingOptions options) => options.Optimizer switch
    {
        Optimizer.AdamW => new AdamWOptimizer(options),
        Optimizer.Lars => new LarsOptimizer(options),
        _ => new SgdOptimizer(options),
    };

    /// <summary>Moves every parameter and sets its gradient to zero.</summary>
    /// <param name="network">The network; its gradients must be those of this step.</param>
    /// <param name="rates">The learning rate and the momentum of this step.</param>
    public void Step(TrainableNetwork network, StepRates rates)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        network.Steps++;
        Move(network.Weights, rates, network.Steps, isNorms: false);
        Move(network.Norms, rates, network.Steps, isNorms: true);
        network.Weights.Gradients.zero_();
        network.Norms.Gradients.zero_();
    }

    /// <summary>Moves some parameters.</summary>
    /// <param name="flat">The parameters; their gradients may be overwritten.</param>
    /// <param name="rates">The learning rate and the momentum.</param>
    /// <param name="step">Which step it is, from 1.</param>
    /// <param name="isNorms">Whether these are norms and biases, which have no decay.</param>
    private protected abstract void Move(FlatParameters flat, StepRates rates, long step, bool isNorms);
}
