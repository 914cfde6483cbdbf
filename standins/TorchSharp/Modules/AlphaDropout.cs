using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>Dropout that keeps mean and variance.</summary>
public sealed class AlphaDropout : Module<Tensor, Tensor>
{
    private readonly double _p;
    private readonly bool _inplace;

    internal AlphaDropout(double p, bool inplace) : base(nameof(AlphaDropout))
    {
        _p = p;
        _inplace = inplace;
    }

    public override Tensor forward(Tensor tensor) => functional.alpha_dropout(tensor, _p, training, _inplace);
}
