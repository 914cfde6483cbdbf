using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>x where positive, alpha (e^x - 1) elsewhere.</summary>
public sealed class ELU : Module<Tensor, Tensor>
{
    private readonly double _alpha;
    private readonly bool _inplace;

    internal ELU(double alpha, bool inplace) : base(nameof(ELU))
    {
        _alpha = alpha;
        _inplace = inplace;
    }

    public override string GetName() => nameof(ELU);

    public override Tensor forward(Tensor tensor) => functional.elu(tensor, _alpha, _inplace);
}
