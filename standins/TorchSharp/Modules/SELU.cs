using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>The self-normalising exponential unit.</summary>
public sealed class SELU : Module<Tensor, Tensor>
{
    private readonly bool _inplace;

    internal SELU(bool inplace) : base(nameof(SELU))
    {
        _inplace = inplace;
    }

    public override string GetName() => nameof(SELU);

    public override Tensor forward(Tensor tensor) => functional.selu(tensor, _inplace);
}
