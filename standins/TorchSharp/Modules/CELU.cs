using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>x where positive, alpha (e^(x/alpha) - 1) elsewhere.</summary>
public sealed class CELU : Module<Tensor, Tensor>
{
    private readonly double _alpha;
    private readonly bool _inplace;

    internal CELU(double alpha, bool inplace) : base(nameof(CELU))
    {
        _alpha = alpha;
        _inplace = inplace;
    }

    public override string GetName() => nameof(CELU);

    public override Tensor forward(Tensor tensor) => functional.celu(tensor, _alpha, _inplace);
}
