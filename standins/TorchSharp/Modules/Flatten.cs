using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>Several dimensions become one.</summary>
public sealed class Flatten : Module<Tensor, Tensor>
{
    private readonly long _start_dim;
    private readonly long _end_dim;

    internal Flatten(long start_dim, long end_dim) : base(nameof(Flatten))
    {
        _start_dim = start_dim;
        _end_dim = end_dim;
    }

    public override Tensor forward(Tensor tensor) => tensor.flatten(_start_dim, _end_dim);
}
