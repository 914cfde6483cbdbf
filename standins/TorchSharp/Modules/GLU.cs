using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>One half times the sigmoid of the other.</summary>
public sealed class GLU : Module<Tensor, Tensor>
{
    private readonly long _dim;

    internal GLU(long dim) : base(nameof(GLU))
    {
        _dim = dim;
    }

    public override string GetName() => nameof(GLU);

    public override Tensor forward(Tensor tensor) => functional.glu(tensor, _dim);
}
