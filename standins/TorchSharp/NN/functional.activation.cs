using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? x.relu_().alias() : x.relu();
            public static Tensor relu6(Tensor x, bool inplace = false) => inplace ? x.relu6_().alias() : x.relu6();
            public static Tensor leaky_relu(Tensor input, double negative_slope = 0.01, bool inplace = false) => inplace ? input.leaky_relu_(negative_slope).alias() : input.leaky_relu(negative_slope);
            public static Tensor prelu(Tensor input, Tensor weight) => input.prelu(weight);
            public static Tensor elu(Tensor x, double alpha, bool inplace = false) => inplace ? x.elu_(alpha, 1, 1).alias() : x.elu(alpha, 1, 1);
            public static Tensor celu(Tensor x, double alpha, bool inplace = false) => inplace ? Op.Run("celu_", x, alpha).alias() : Op.Call("celu", x, alpha);
            public static Tensor selu(Tensor x, bool inplace = false) => inplace ? x.selu_().alias() : x.selu();
            public static Tensor silu(Tensor x, bool inplace = false) => inplace ? x.silu_().alias() : x.silu();
            public static Tensor gelu(Tensor x) => x.gelu();
            public static Tensor glu(Tensor input, long dim = -1) => Op.Call("glu", input, dim);
            public static Tensor hardswish(Tensor input, bool inplace = false) => inplace ? input.hardswish_().alias() : input.hardswish();
            public static Tensor hardsigmoid(Tensor input, bool inplace = false) => inplace ? input.hardsigmoid_().alias() : input.hardsigmoid();
            public static Tensor Hardtanh(Tensor x, double min_val = -1.0, double max_val = 1.0, bool inplace = false) => inplace ? x.hardtanh_(min_val, max_val).alias() : x.hardtanh(min_val, max_val);
            public static Tensor sigmoid(Tensor x) => x.sigmoid();
            public static Tensor logsigmoid(Tensor x) => x.log_sigmoid();
            public static Tensor tanh(Tensor x, bool inplace = false) => inplace ? x.tanh_().alias() : x.tanh();
            public static Tensor softplus(Tensor x, double beta = 1, double threshold = 20) => Op.Call("softplus", x, beta, threshold);
            public static Tensor Softsign(Tensor x)
            {
                using var magnitude = x.abs();
                using var denominator = magnitude.add(1);
                return x.div(denominator);
            }

            public static Tensor Mish(Tensor x) => Op.Call("mish", x);
            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);
            public static Tensor softmin(Tensor x, long dim)
            {
                using var negative = x.neg();
                return negative.softmax(dim);
            }

            public static Tensor softmax2d(Tensor x) => x.softmax(-3);
            public static Tensor log_softmax(Tensor x, long dim) => x.log_softmax(dim);

            // Without training there is nothing to drop: the result is the input under another handle.
            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false) => inplace ? Op.Run("dropout_", input, p, training).alias() : Op.Call("dropout", input, p, training);
            public static Tensor dropout2d(Tensor input, double p = 0.5, bool training = true, bool inplace = false) => inplace ? Op.Run("feature_dropout_", input, p, training).alias() : Op.Call("feature_dropout", input, p, training);
            public static Tensor alpha_dropout(Tensor input, double p = 0.5, bool training = false, bool inplace = false) => inplace ? Op.Run("alpha_dropout_", input, p, training).alias() : Op.Call("alpha_dropout", input, p, training);
        }
    }
}
