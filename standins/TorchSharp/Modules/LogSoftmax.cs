using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>The logarithm of the softmax.</summary>
public sealed class LogSoftmax : Module<Tensor, Tensor>
{
    private readonly long _dim;

    internal LogSoftmax(long dim) : base(nameof(LogSoftmax))
    {
        _dim = dim;
    }

    public override Tensor forward(Tensor tensor) => functional.log_softmax(tensor, _dim);
}
