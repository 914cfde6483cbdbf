using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>min(max(x, 0), 6).</summary>
public sealed class ReLU6 : Module<Tensor, Tensor>
{
    private readonly bool _inplace;

    internal ReLU6(bool inplace) : base(nameof(ReLU6))
    {
        _inplace = inplace;
    }

    public override string GetName() => nameof(ReLU6);

    public override Tensor forward(Tensor tensor) => functional.relu6(tensor, _inplace);
}
