using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>x, held between two bounds.</summary>
public sealed class Hardtanh : Module<Tensor, Tensor>
{
    private readonly double _min_val;
    private readonly double _max_val;
    private readonly bool _inplace;

    internal Hardtanh(double min_val, double max_val, bool inplace) : base(nameof(Hardtanh))
    {
        _min_val = min_val;
        _max_val = max_val;
        _inplace = inplace;
    }

    public override string GetName() => nameof(Hardtanh);

    public override Tensor forward(Tensor tensor) => functional.Hardtanh(tensor, _min_val, _max_val, _inplace);
}
