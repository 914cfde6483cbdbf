using Microsoft.ML.PaT.Internal;
using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Training;
using Microsoft.ML.PaT.Training.Kernels;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Pruning.Scoring;

/// <summary>
/// A copy of a network for forward and backward passes. Its parameters may be changed; the original network is not
/// affected. May be disposed from any thread: calls that have begun end as usual, and later ones throw
/// <see cref="ObjectDisposedException"/>.
/// </summary>
public sealed class NetworkProbe : IDisposable
{
    /// <summary>Seed offset that separates dropout in probes from the initial weights.</summary>
    private const ulong Stream = 0x6e6f697365;

    private readonly NetworkModule _module;
    private readonly ulong _seed;
    private readonly SharedLifetime _lifetime;
    private Generator? _noise;

    internal NetworkProbe(
        NetworkDefinition definition,
        IReadOnlyDictionary<string, Tensor> values,
        Device device,
        ScalarType type,
        int seed,
        bool fusedNorms)
    {
        var channelsLast = TrainableNetwork.PrefersChannelsLast(definition, device);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Parameters = definition.Parameters.ToDictionary(p => p.Name, p =>
        {
            var value = values[p.Name].detach().to(type, copy: true);
            // Channels-last if training uses it.
            if (channelsLast && value.dim() == 4) value = value.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
            return (p.Trainable ? value.requires_grad_() : value).DetachFromDisposeScope();
        });
        var fused = FusedNorm.AllOf(definition, device, channelsLast, fusedNorms);
        _module = new(
            definition,
            Parameters,
            fused.Select(n => (n.Group, (Func<Modeling.Layers.LayerContext, Tensor>)n.Forward)));
        _module.eval();
        _seed = (ulong)seed ^ Stream;
        _lifetime = new(this, Free);
    }

    /// <summary>
    /// All tensors by name, including running statistics. Change them only with gradients disabled
    /// (<c>torch.no_grad()</c>).
    /// </summary>
    public IReadOnlyDictionary<string, Tensor> Parameters { get; }

    /// <summary>
    /// Switches to training mode: batch-norms use the statistics of the batch, and dropout draws the same random
    /// numbers after each call. A new probe is in evaluation mode.
    /// </summary>
    public void Train()
    {
        using var use = _lifetime.Begin();
        _noise?.Dispose();
        _noise = new Generator(_seed);
        _module.Train(_noise);
    }

    /// <summary>Computes logits.</summary>
    /// <param name="images">[N,C,H,W], of the probe's type.</param>
    /// <returns>[N,classes].</returns>
    public Tensor Forward(Tensor images)
    {
        using var use = _lifetime.Begin();
        return _module.call(images);
    }

    /// <summary>Computes logits and passes on the output of each layer.</summary>
    /// <param name="images">[N,C,H,W], of the probe's type; not changed.</param>
    /// <param name="observe">Receives the name and the output of each layer; the output is valid only during the
    /// call.</param>
    /// <returns>[N,classes].</returns>
    public Tensor Forward(Tensor images, Action<string, Tensor> observe)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(observe);
        using var use = _lifetime.Begin();
        return _module.Observed(images.alias(), observe);
    }

    /// <summary>
    /// Adds the gradients of a loss to the existing ones. Use this method instead of <c>Tensor.backward</c>, because it
    /// reports errors of the library's kernels.
    /// </summary>
    /// <param name="loss">Scalar.</param>
    public void Backward(Tensor loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        using var use = _lifetime.Begin();
        FusedNormFunction.BackwardFrom(loss);
    }

    /// <summary>
    /// Returns the gradient of a trained parameter: zeros before the first backward pass, or if the loss does not
    /// depend on it.
    /// </summary>
    /// <param name="parameter">Name of the parameter.</param>
    /// <returns>A tensor of the parameter's shape.</returns>
    /// <exception cref="ArgumentException">No trained parameter has this name.</exception>
    public Tensor Gradient(string parameter)
    {
        using var use = _lifetime.Begin();
        return Parameters.TryGetValue(parameter, out var tensor) && tensor.requires_grad
            ? tensor.grad ?? zeros_like(tensor)
            : throw new ArgumentException(
                $"The network '{_module.Definition.Name}' trains no parameter '{parameter}'.", nameof(parameter));
    }

    /// <summary>Sets all gradients to zero.</summary>
    public void ZeroGradients()
    {
        using var use = _lifetime.Begin();
        using var scope = NewDisposeScope();
        foreach (var tensor in Parameters.Values.Where(p => p.requires_grad)) tensor.grad?.zero_();
    }

    /// <inheritdoc/>
    public void Dispose() => _lifetime.Dispose();

    private void Free()
    {
        _module.Dispose();
        _noise?.Dispose();
    }

    /// <summary>Sets the filters, scales and shifts, tokens and positions of masked channels to zero.</summary>
    /// <param name="masked">Whether a channel is masked, [channels], group after group.</param>
    internal void Mask(ChannelGroups groups, IReadOnlyList<bool> masked)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var first = 0;
        foreach (var group in groups.Groups)
        {
            var start = first;
            first += group.Width;
            if (!Enumerable.Range(start, group.Width).Any(c => masked[c])) continue;
            // Tokens and positions have their channels along the last dimension.
            foreach (var member in group.Members.Where(m => m.Dimension != 1 && Parameters[m.Parameter].requires_grad))
            {
                var values = Parameters[member.Parameter];
                var factors = Enumerable.Repeat(1f, (int)values.shape[member.Dimension]).ToArray();
                for (var i = 0; i < member.Indices.Length; i++)
                {
                    if (masked[start + member.Channels[i]]) factors[member.Indices[i]] = 0;
                }
                long[] shape = [-1, .. Enumerable.Repeat(1L, (int)values.dim() - 1 - member.Dimension)];
                values.mul_(tensor(factors, dtype: values.dtype, device: values.device).view(shape));
            }
        }
    }
}
