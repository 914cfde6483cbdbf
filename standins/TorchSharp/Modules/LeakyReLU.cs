using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>x where positive, a fraction of it elsewhere.</summary>
public sealed class LeakyReLU : Module<Tensor, Tensor>
{
    private readonly double _negative_slope;
    private readonly bool _inplace;

    internal LeakyReLU(double negative_slope, bool inplace) : base(nameof(LeakyReLU))
    {
        _negative_slope = negative_slope;
        _inplace = inplace;
    }

    public override string GetName() => nameof(LeakyReLU);

    public override Tensor forward(Tensor tensor) => functional.leaky_relu(tensor, _negative_slope, _inplace);
}
