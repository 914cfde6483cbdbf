using Microsoft.ML.PaT.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <summary>Trained parameters, whose gradients share a buffer too.</summary>
internal sealed class FlatParameters : FlatTensors
{
    private readonly List<Tensor> _gradients = [];

    /// <inheritdoc cref="FlatTensors(IEnumerable{ParameterSpec}, Func{string, Tensor}, Device, bool)"/>
    public FlatParameters(IEnumerable<ParameterSpec> specs, Func<string, Tensor> value, Device device, bool channelsLast) : base(specs, value, device, channelsLast)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Gradients = zeros_like(Values).DetachFromDisposeScope();
        foreach (var name in Names)
        {
            // Gradients accumulate in place into a tensor that is there already: into our buffer.
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

    /// <summary>The parameters by name, leaves that require gradients; disposed by the module that they are registered in.</summary>
    public Dictionary<string, Tensor> Parameters { get; } = [];

    public override void Dispose()
    {
        foreach (var gradient in _gradients) gradient.Dispose();
        Gradients.Dispose();
        base.Dispose();
    }
}
