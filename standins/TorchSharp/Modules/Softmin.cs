using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>The softmax of what is negated.</summary>
public sealed class Softmin : Module<Tensor, Tensor>
{
    private readonly long _dim;

    internal Softmin(long dim) : base(nameof(Softmin))
    {
        _dim = dim;
    }

    public override string GetName() => nameof(Softmin);

    public override Tensor forward(Tensor tensor) => functional.softmin(tensor, _dim);
}
