using Microsoft.ML.PaT.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <summary>
/// Tensors of a network that share one buffer for their values and one for each part of the optimizer state, so that an
/// operation on all of them needs few operator calls. Owns the buffers; the tensors are views.
/// </summary>
internal class FlatTensors : IDisposable
{
    private readonly Dictionary<string, (long Offset, long[] Shape, long[] Strides)> _layout = [];
    private readonly Dictionary<string, Tensor> _state = [];

    /// <summary>Allocates the buffers and copies the values.</summary>
    /// <param name="value">Returns a value by name, on any device. Called once per tensor, in a dispose scope.</param>
    /// <param name="device">Device of the buffers.</param>
    /// <param name="channelsLast">Whether 4-D weights are channels-last.</param>
    public FlatTensors(
        IEnumerable<ParameterSpec> specs, Func<string, Tensor> value, Device device, bool channelsLast, ScalarType type)
    {
        long size = 0;
        foreach (var spec in specs)
        {
            _layout[spec.Name] = (size, spec.Shape, LayoutStrides(spec.Shape, channelsLast));
            size += spec.Count;
        }
        using var noGradient = no_grad();
        Values = zeros(size, dtype: type, device: device).DetachFromDisposeScope();
        Fill(Values, value);
    }

    /// <summary>All values, [size].</summary>
    public Tensor Values { get; }

    public IReadOnlyCollection<string> Names => _layout.Keys;

    /// <summary>Parts of the state that exist so far, such as <c>momentum</c>.</summary>
    public IReadOnlyCollection<string> StateParts => _state.Keys;

    /// <summary>A part of the state of all tensors, [size]; created with zeros.</summary>
    public Tensor State(string part)
    {
        if (!_state.TryGetValue(part, out var state))
            _state[part] = state = zeros_like(Values).DetachFromDisposeScope();
        return state;
    }

    /// <summary>A part of the state of one tensor, in its shape: a view in the caller's dispose scope.</summary>
    public Tensor StateOf(string part, string name) => View(State(part), name);

    /// <summary>Sets a part of the state.</summary>
    /// <param name="value">Returns the state by tensor name. Called once per tensor, in a dispose scope.</param>
    public void Restore(string part, Func<string, Tensor> value)
    {
        using var noGradient = no_grad();
        Fill(State(part), value);
    }

    /// <summary>A view of <see cref="Values"/> in the caller's dispose scope.</summary>
    public Tensor ValueOf(string name) => View(Values, name);

    /// <summary>Index of a tensor's first value in the buffers.</summary>
    public long Offset(string name) => _layout[name].Offset;

    public IEnumerable<(long Offset, long Count)> Ranges =>
        _layout.Values.Select(l => (l.Offset, l.Shape.Aggregate(1L, (product, size) => product * size)));

    public virtual void Dispose()
    {
        foreach (var state in _state.Values) state.Dispose();
        Values.Dispose();
    }

    private protected Tensor View(Tensor flat, string name)
    {
        var (offset, shape, strides) = _layout[name];
        return flat.as_strided(shape, strides, offset);
    }

    private void Fill(Tensor flat, Func<string, Tensor> value)
    {
        foreach (var name in _layout.Keys)
        {
            using var once = NewDisposeScope();
            View(flat, name).copy_(value(name));
        }
    }

    private static long[] LayoutStrides(long[] shape, bool channelsLast)
    {
        if (channelsLast && shape.Length == 4)
            return [shape[1] * shape[2] * shape[3], 1, shape[3] * shape[1], shape[1]];
        var strides = new long[shape.Length];
        for (var (d, stride) = (shape.Length - 1, 1L); d >= 0; stride *= shape[d], d--) strides[d] = stride;
        return strides;
    }
}
