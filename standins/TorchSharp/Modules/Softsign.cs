using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>x / (1 + |x|).</summary>
public sealed class Softsign : Module<Tensor, Tensor>
{
    internal Softsign() : base(nameof(Softsign)) { }

    public override string GetName() => nameof(Softsign);

    public override Tensor forward(Tensor tensor) => functional.Softsign(tensor);
}
