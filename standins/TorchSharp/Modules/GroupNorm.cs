using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>Normalises groups of channels of [N,C,...] for each sample.</summary>
    public sealed class GroupNorm : Module<Tensor, Tensor>
    {
        [Utils.ComponentName(Name = nameof(weight))] private Parameter? _weight;
        [Utils.ComponentName(Name = nameof(bias))] private Parameter? _bias;

        private readonly long _groups;
        private readonly double _eps;

        internal GroupNorm(long num_groups, long num_channels, double eps, bool affine, Device? device, ScalarType? dtype) : base(nameof(GroupNorm))
        {
            if (num_channels % num_groups != 0) throw new ArgumentException($"{num_groups} groups do not divide {num_channels} channels.", nameof(num_groups));
            _groups = num_groups;
            _eps = eps;
            if (!affine) return;
            weight = new Parameter(ones(num_channels, dtype, device));
            bias = new Parameter(zeros(num_channels, dtype, device));
        }

        public Parameter? weight { get => _weight; set => Set(nameof(weight), ref _weight, value); }
        public Parameter? bias { get => _bias; set => Set(nameof(bias), ref _bias, value); }

        public override Tensor forward(Tensor tensor) => functional.group_norm(tensor, _groups, weight, bias, _eps);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.GroupNorm GroupNorm(long num_groups, long num_channels, double eps = 1e-05, bool affine = true, Device? device = null, ScalarType? dtype = null)
                => new(num_groups, num_channels, eps, affine, device, dtype);
        }
    }
}
