using Microsoft.ML.PaT.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <summary>
/// Tensors of a network that share one buffer for their values and one for each part of what training keeps about them, so that what is done to all of
/// them is a handful of operators, not a handful for each. Owns the buffers; the tensors are views of them.
/// </summary>
internal class FlatTensors : IDisposable
{
    private readonly Dictionary<string, (long Offset, long[] Shape, long[] Strides)> _layout = [];
    private readonly Dictionary<string, Tensor> _state = [];

    /// <summary>Lays tensors out and copies their values in.</summary>
    /// <param name="specs">The tensors.</param>
    /// <param name="value">Gives their values by name, on any device; asked once for each, in a scope of its own.</param>
    /// <param name="device">Where they live.</param>
    /// <param name="channelsLast">Whether 4-D weights lie with channels innermost.</param>
    public FlatTensors(IEnumerable<ParameterSpec> specs, Func<string, Tensor> value, Device device, bool channelsLast)
    {
        long size = 0;
        foreach (var spec in specs)
        {
            _layout[spec.Name] = (size, spec.Shape, LayoutStrides(spec.Shape, channelsLast));
            size += spec.Count;
        }
        using var noGradient = no_grad();
        Values = zeros(size, device: device).DetachFromDisposeScope();
        Fill(Values, value);
    }

    /// <summary>All values, [size].</summary>
    public Tensor Values { get; }

    /// <summary>The names of the tensors.</summary>
    public IReadOnlyCollection<string> Names => _layout.Keys;

    /// <summary>The parts of the state that there are so far, such as <c>momentum</c>.</summary>
    public IReadOnlyCollection<string> StateParts => _state.Keys;

    /// <summary>A part of the state of all tensors, [size]: zeros when it is asked for the first time.</summary>
    public Tensor State(string part)
    {
        if (!_state.TryGetValue(part, out var state)) _state[part] = state = zeros_like(Values).DetachFromDisposeScope();
        return state;
    }

    /// <summary>That part for one tensor, in its shape: a view, owned by the caller's scope.</summary>
    public Tensor StateOf(string part, string name) => View(State(part), name);

    /// <summary>Sets a part of the state.</summary>
    /// <param name="part">The part.</param>
    /// <param name="value">Gives it by the name of a tensor; asked once for each, in a scope of its own.</param>
    public void Restore(string part, Func<string, Tensor> value)
    {
        using var noGradient = no_grad();
        Fill(State(part), value);
    }

    /// <summary>A tensor: a view of <see cref="Values"/>, owned by the caller's scope.</summary>
    public Tensor ValueOf(string name) => View(Values, name);

    /// <summary>Where a tensor begins in the buffers.</summary>
    public long Offset(string name) => _layout[name].Offset;

    /// <summary>Where each tensor lies in the buffers.</summary>
    public IEnumerable<(long Offset, long Count)> Ranges => _layout.Values.Select(l => (l.Offset, l.Shape.Aggregate(1L, (product, size) => product * size)));

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
        if (channelsLast && shape.Length == 4) return [shape[1] * shape[2] * shape[3], 1, shape[3] * shape[1], shape[1]];
        var strides = new long[shape.Length];
        for (var (d, stride) = (shape.Length - 1, 1L); d >= 0; stride *= shape[d], d--) strides[d] = stride;
        return strides;
    }
}
