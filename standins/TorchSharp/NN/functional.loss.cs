using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor cross_entropy(Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100, Reduction reduction = Reduction.Mean, double label_smoothing = 0.0)
                => Op.Call("cross_entropy_loss", input, target, weight, (int)reduction, ignore_index, label_smoothing);

            public static Tensor nll_loss(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean)
                => Op.Call("nll_loss_nd", input, target, weight, (int)reduction, -100);

            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) => Op.Call("mse_loss", input, target, (int)reduction);
            public static Tensor l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) => Op.Call("l1_loss", input, target, (int)reduction);
            public static Tensor smooth_l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean, double beta = 1.0) => Op.Call("smooth_l1_loss", input, target, (int)reduction, beta);
            public static Tensor huber_loss(Tensor input, Tensor target, double delta = 1.0, Reduction reduction = Reduction.Mean) => Op.Call("huber_loss", input, target, (int)reduction, delta);
            public static Tensor kl_div(Tensor input, Tensor target, bool log_target = true, Reduction reduction = Reduction.Mean) => Op.Call("kl_div", input, target, (int)reduction, log_target);

            public static Tensor binary_cross_entropy(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean)
                => Op.Call("binary_cross_entropy", input, target, weight, (int)reduction);

            public static Tensor binary_cross_entropy_with_logits(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean, Tensor? pos_weights = null)
                => Op.Call("binary_cross_entropy_with_logits", input, target, weight, pos_weights, (int)reduction);

            public static Tensor one_hot(Tensor x, long num_classes = -1) => Op.Call("one_hot", x, num_classes);
        }
    }
}
