using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>log(1 + e^(beta x)) / beta.</summary>
public sealed class Softplus : Module<Tensor, Tensor>
{
    private readonly double _beta;
    private readonly double _threshold;

    internal Softplus(double beta, double threshold) : base(nameof(Softplus))
    {
        _beta = beta;
        _threshold = threshold;
    }

    public override string GetName() => nameof(Softplus);

    public override Tensor forward(Tensor tensor) => functional.softplus(tensor, _beta, _threshold);
}
