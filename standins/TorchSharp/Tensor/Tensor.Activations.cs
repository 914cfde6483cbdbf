using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor relu() => Op.Call("relu", this);
        public Tensor relu_() => Op.Run("relu_", this);
        public Tensor relu6() => Op.Call("relu6", this);
        public Tensor relu6_() => Op.Run("relu6_", this);
        public Tensor sigmoid() => Op.Call("sigmoid", this);
        public Tensor sigmoid_() => Op.Run("sigmoid_", this);
        public Tensor silu() => Op.Call("silu", this);
        public Tensor silu_() => Op.Run("silu_", this);
        public Tensor gelu() => Op.Call("gelu", this);
        public Tensor hardswish() => Op.Call("hardswish", this);
        public Tensor hardswish_() => Op.Run("hardswish_", this);
        public Tensor hardsigmoid() => Op.Call("hardsigmoid", this);
        public Tensor hardsigmoid_() => Op.Run("hardsigmoid_", this);
        public Tensor hardtanh(Scalar min, Scalar max) => Op.Call("hardtanh", this, min, max);
        public Tensor hardtanh_(Scalar min, Scalar max) => Op.Run("hardtanh_", this, min, max);
        public Tensor leaky_relu(Scalar negative_slope) => Op.Call("leaky_relu", this, negative_slope);
        public Tensor leaky_relu_(Scalar negative_slope) => Op.Run("leaky_relu_", this, negative_slope);
        public Tensor elu(Scalar alpha, Scalar scale, Scalar input_scale) => Op.Call("elu", this, alpha, scale, input_scale);
        public Tensor elu_(Scalar alpha, Scalar scale, Scalar input_scale) => Op.Run("elu_", this, alpha, scale, input_scale);
        public Tensor celu() => Op.Call("celu", this);
        public Tensor celu_() => Op.Run("celu_", this);
        public Tensor selu() => Op.Call("selu", this);
        public Tensor selu_() => Op.Run("selu_", this);
        public Tensor prelu(Tensor target) => Op.Call("prelu", this, target);
        public Tensor log_sigmoid() => Op.Call("log_sigmoid", this);
        public Tensor softmax(long dim, ScalarType? dtype = null) => Op.Call("softmax.int", this, dim, dtype);
        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Op.Call("log_softmax.int", this, dim, dtype);
    }
}
