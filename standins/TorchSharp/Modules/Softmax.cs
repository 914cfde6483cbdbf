using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>Shares that add up to one along a dimension.</summary>
public sealed class Softmax : Module<Tensor, Tensor>
{
    private readonly long _dim;

    internal Softmax(long dim) : base(nameof(Softmax))
    {
        _dim = dim;
    }

    public override string GetName() => nameof(Softmax);

    public override Tensor forward(Tensor tensor) => functional.softmax(tensor, _dim);
}
