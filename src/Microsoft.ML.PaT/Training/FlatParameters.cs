using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT;

/// <summary>
/// Parameters that share one buffer for their values, one for their gradients and one for their momentum, so that an optimiser step is a
/// handful of operators, not a handful for each parameter. Owns the buffers; the parameters are views of them.
/// </summary>
internal sealed class FlatParameters : IDisposable
{
    private readonly Dictionary<string, (long Offset, long[] Shape, long[] Strides)> _layout = [];
    private readonly List<Tensor> _gradients = [];

    /// <summary>Lays parameters out and copies their values in.</summary>
    /// <param name="specs">The parameters.</param>
    /// <param name="value">Gives their values by name, on any device; asked once for each, in a scope of its own.</param>
    /// <param name="momentum">Likewise their momentum; null for zero.</param>
    /// <param name="device">Where they live.</param>
    /// <param name="channelsLast">Whether 4-D weights lie with channels innermost.</param>
    public FlatParameters(IEnumerable<ParameterSpec> specs, Func<string, Tensor> value, Func<string, Tensor>? momentum, Device device, bool channelsLast)
    {
        long size = 0;
        foreach (var spec in specs)
        {
            _layout[spec.Name] = (size, spec.Shape, Strides(spec.Shape, channelsLast));
            size += spec.Count;
        }
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Values = zeros(size, device: device).DetachFromDisposeScope();
        Gradients = zeros(size, device: device).DetachFromDisposeScope();
        Momentum = zeros(size, device: device).DetachFromDisposeScope();
        foreach (var name in _layout.Keys)
        {
            using (NewDisposeScope()) View(Values, name).copy_(value(name));
            if (momentum is not null)
            {
                using var once = NewDisposeScope();
                View(Momentum, name).copy_(momentum(name));
            }
            // Gradients accumulate in place into a tensor that is there already: into our buffer.
            var parameter = new Parameter(View(Values, name).detach());
            var gradient = View(Gradients, name);
            parameter.grad = gradient;
            _gradients.Add(gradient.DetachFromDisposeScope());
            Parameters[name] = parameter;
            parameter.DetachFromDisposeScope();
        }
    }

    /// <summary>All values, [size].</summary>
    public Tensor Values { get; }

    /// <summary>All gradients, [size].</summary>
    public Tensor Gradients { get; }

    /// <summary>All momentum, [size].</summary>
    public Tensor Momentum { get; }

    /// <summary>The parameters by name; disposed by the module that they are registered in.</summary>
    public Dictionary<string, Parameter> Parameters { get; } = [];

    /// <summary>Where a parameter begins in the buffers.</summary>
    public long Offset(string name) => _layout[name].Offset;

    /// <summary>The momentum of a parameter, in its shape: a view, owned by the caller's scope.</summary>
    public Tensor MomentumOf(string name) => View(Momentum, name);

    public void Dispose()
    {
        foreach (var gradient in _gradients) gradient.Dispose();
        Values.Dispose();
        Gradients.Dispose();
        Momentum.Dispose();
    }

    private Tensor View(Tensor flat, string name)
    {
        var (offset, shape, strides) = _layout[name];
        return flat.as_strided(shape, strides, offset);
    }

    private static long[] Strides(long[] shape, bool channelsLast)
    {
        if (channelsLast && shape.Length == 4) return [shape[1] * shape[2] * shape[3], 1, shape[3] * shape[1], shape[1]];
        var strides = new long[shape.Length];
        for (var (d, stride) = (shape.Length - 1, 1L); d >= 0; stride *= shape[d], d--) strides[d] = stride;
        return strides;
    }
}
