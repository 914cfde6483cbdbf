using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>Normalises over the last dimensions.</summary>
    public sealed class LayerNorm : Module<Tensor, Tensor>
    {
        [Utils.ComponentName(Name = nameof(weight))] private Parameter? _weight;
        [Utils.ComponentName(Name = nameof(bias))] private Parameter? _bias;

        private readonly long[] _shape;
        private readonly double _eps;

        internal LayerNorm(long[] normalized_shape, double eps, bool elementwise_affine, bool bias, Device? device, ScalarType? dtype) : base(nameof(LayerNorm))
        {
            _shape = [.. normalized_shape];
            _eps = eps;
            if (!elementwise_affine) return;
            weight = new Parameter(ones(_shape, dtype, device));
            if (bias) this.bias = new Parameter(zeros(_shape, dtype, device));
        }

        public Parameter? weight { get => _weight; set => Set(nameof(weight), ref _weight, value); }
        public Parameter? bias { get => _bias; set => Set(nameof(bias), ref _bias, value); }

        public override Tensor forward(Tensor tensor) => functional.layer_norm(tensor, _shape, weight, bias, _eps);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.LayerNorm LayerNorm(long normalized_shape, double eps = 1e-05, bool elementwise_affine = true, bool bias = true, Device? device = null, ScalarType? dtype = null)
                => new([normalized_shape], eps, elementwise_affine, bias, device, dtype);

            public static Modules.LayerNorm LayerNorm(long[] normalized_shape, double eps = 1e-05, bool elementwise_affine = true, bool bias = true, Device? device = null, ScalarType? dtype = null)
                => new(normalized_shape, eps, elementwise_affine, bias, device, dtype);
        }
    }
}
