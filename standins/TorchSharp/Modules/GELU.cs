using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>x times the normal distribution function at x.</summary>
public sealed class GELU : Module<Tensor, Tensor>
{
    internal GELU() : base(nameof(GELU)) { }

    public override string GetName() => nameof(GELU);

    public override Tensor forward(Tensor tensor) => functional.gelu(tensor);
}
