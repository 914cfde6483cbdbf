using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>x times its hard sigmoid.</summary>
public sealed class Hardswish : Module<Tensor, Tensor>
{
    private readonly bool _inplace;

    internal Hardswish(bool inplace) : base(nameof(Hardswish))
    {
        _inplace = inplace;
    }

    public override string GetName() => nameof(Hardswish);

    public override Tensor forward(Tensor tensor) => functional.hardswish(tensor, _inplace);
}
