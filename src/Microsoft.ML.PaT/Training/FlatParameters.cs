using Microsoft.ML.PaT.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <summary>Trained parameters. Their gradients also share a buffer.</summary>
internal sealed class FlatParameters : FlatTensors
{
    private readonly List<Tensor> _gradients = [];

    public FlatParameters(
        IEnumerable<ParameterSpec> specs, Func<string, Tensor> value, Device device, bool channelsLast, ScalarType type)
        : base(specs, value, device, channelsLast, type)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Gradients = zeros_like(Values).DetachFromDisposeScope();
        foreach (var name in Names)
        {
            // Autograd accumulates in place into an existing gradient: into our buffer.
            var parameter = ValueOf(name).detach().requires_grad_();
            var gradient = View(Gradients, name);
            parameter.grad = gradient;
            _gradients.Add(gradient.DetachFromDisposeScope());
            Parameters[name] = parameter;
            parameter.DetachFromDisposeScope();
        }
    }

    /// <summary>All gradients, [size].</summary>
    public Tensor Gradients { get; }

    /// <summary>
    /// Parameters by name, leaves that require gradients; owned by the module in which they are registered.
    /// </summary>
    public Dictionary<string, Tensor> Parameters { get; } = [];

    public override void Dispose()
    {
        foreach (var gradient in _gradients) gradient.Dispose();
        Gradients.Dispose();
        base.Dispose();
    }
}
