using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>Normalises each channel of [N,C,H,W] by the batch's statistics in training, by the running ones otherwise.</summary>
    public sealed class BatchNorm2d : Module<Tensor, Tensor>
    {
        [Utils.ComponentName(Name = nameof(weight))] private Parameter? _weight;
        [Utils.ComponentName(Name = nameof(bias))] private Parameter? _bias;
        [Utils.ComponentName(Name = nameof(running_mean))] private Tensor? _mean;
        [Utils.ComponentName(Name = nameof(running_var))] private Tensor? _variance;
        [Utils.ComponentName(Name = nameof(num_batches_tracked))] private Tensor? _batches;

        private readonly double _eps, _momentum;

        internal BatchNorm2d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype) : base(nameof(BatchNorm2d))
        {
            _eps = eps;
            _momentum = momentum;
            if (affine)
            {
                weight = new Parameter(ones(num_features, dtype, device));
                bias = new Parameter(zeros(num_features, dtype, device));
            }
            if (!track_running_stats) return;
            running_mean = zeros(num_features, dtype, device);
            running_var = ones(num_features, dtype, device);
            Set(nameof(num_batches_tracked), ref _batches, zeros(Array.Empty<long>(), ScalarType.Int64, device));
        }

        public Parameter? weight { get => _weight; set => Set(nameof(weight), ref _weight, value); }
        public Parameter? bias { get => _bias; set => Set(nameof(bias), ref _bias, value); }
        public Tensor? running_mean { get => _mean; set => Set(nameof(running_mean), ref _mean, value); }
        public Tensor? running_var { get => _variance; set => Set(nameof(running_var), ref _variance, value); }
        public Tensor? num_batches_tracked => _batches;

        public override Tensor forward(Tensor input)
        {
            if (input.dim() is not (4)) throw new ArgumentException($"{nameof(BatchNorm2d)} wants an input of [N,C,H,W], this one has {input.dim()} dimensions.", nameof(input));
            if (training) _batches?.add_(1);
            return functional.batch_norm(input, _mean, _variance, weight, bias, training || _mean is null, _momentum, _eps);
        }

        public void reset_running_stats()
        {
            _mean?.zero_();
            _variance?.fill_(1);
            _batches?.zero_();
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.BatchNorm2d BatchNorm2d(long num_features, double eps = 1e-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null)
                => new(num_features, eps, momentum, affine, track_running_stats, device, dtype);
        }
    }
}
