using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>min(max(x + 3, 0), 6) / 6.</summary>
public sealed class Hardsigmoid : Module<Tensor, Tensor>
{
    private readonly bool _inplace;

    internal Hardsigmoid(bool inplace) : base(nameof(Hardsigmoid))
    {
        _inplace = inplace;
    }

    public override string GetName() => nameof(Hardsigmoid);

    public override Tensor forward(Tensor tensor) => functional.hardsigmoid(tensor, _inplace);
}
