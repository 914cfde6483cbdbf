using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>The logarithm of the sigmoid.</summary>
public sealed class LogSigmoid : Module<Tensor, Tensor>
{
    internal LogSigmoid() : base(nameof(LogSigmoid)) { }

    public override string GetName() => nameof(LogSigmoid);

    public override Tensor forward(Tensor tensor) => functional.logsigmoid(tensor);
}
