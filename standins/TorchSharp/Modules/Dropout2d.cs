using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>Zeroes whole channels of [N,C,H,W] while training.</summary>
public sealed class Dropout2d : Module<Tensor, Tensor>
{
    private readonly double _p;
    private readonly bool _inplace;

    internal Dropout2d(double p, bool inplace) : base(nameof(Dropout2d))
    {
        _p = p;
        _inplace = inplace;
    }

    public override Tensor forward(Tensor tensor) => functional.dropout2d(tensor, _p, training, _inplace);
}
