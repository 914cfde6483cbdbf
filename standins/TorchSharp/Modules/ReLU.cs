using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>max(x, 0).</summary>
public sealed class ReLU : Module<Tensor, Tensor>
{
    private readonly bool _inplace;

    internal ReLU(bool inplace) : base(nameof(ReLU))
    {
        _inplace = inplace;
    }

    public override string GetName() => nameof(ReLU);

    public override Tensor forward(Tensor tensor) => functional.relu(tensor, _inplace);
}
