using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>x where positive, a learned fraction of it elsewhere.</summary>
    public sealed class PReLU : Module<Tensor, Tensor>
    {
        [Utils.ComponentName(Name = nameof(weight))] private Parameter? _weight;

        internal PReLU(long num_parameters, double init, Device? device, ScalarType? dtype) : base(nameof(PReLU))
            => weight = new Parameter(full(num_parameters, init, dtype, device));

        public Parameter weight { get => _weight!; set => Set(nameof(weight), ref _weight, value); }

        public override string GetName() => nameof(PReLU);

        public override Tensor forward(Tensor tensor) => functional.prelu(tensor, weight);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.PReLU PReLU(long num_parameters, double init = 0.25, Device? device = null, ScalarType? dtype = null) => new(num_parameters, init, device, dtype);
        }
    }
}
