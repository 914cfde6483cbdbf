using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor add(Scalar scalar) => Op.Call("add.Scalar", this, scalar);
        public Tensor add(Scalar scalar, Scalar alpha) => Op.Call("add.Scalar", this, scalar, alpha);
        public Tensor add(Tensor target) => Op.Call("add.Tensor", this, target);
        public Tensor add(Tensor target, Scalar alpha) => Op.Call("add.Tensor", this, target, alpha);
        public Tensor add_(Scalar scalar) => Op.Run("add_.Scalar", this, scalar);
        public Tensor add_(Scalar scalar, Scalar alpha) => Op.Run("add_.Scalar", this, scalar, alpha);
        public Tensor add_(Tensor target) => Op.Run("add_.Tensor", this, target);
        public Tensor add_(Tensor target, Scalar alpha) => Op.Run("add_.Tensor", this, target, alpha);
        public Tensor sub(Scalar target) => Op.Call("sub.Scalar", this, target);
        public Tensor sub(Tensor target) => Op.Call("sub.Tensor", this, target);
        public Tensor sub_(Scalar target) => Op.Run("sub_.Scalar", this, target);
        public Tensor sub_(Tensor target) => Op.Run("sub_.Tensor", this, target);
        public Tensor subtract(Scalar target) => Op.Call("subtract.Scalar", this, target);
        public Tensor subtract(Tensor target) => Op.Call("subtract.Tensor", this, target);
        public Tensor subtract_(Scalar target) => Op.Run("subtract_.Scalar", this, target);
        public Tensor subtract_(Tensor target) => Op.Run("subtract_.Tensor", this, target);
        public Tensor mul(Scalar target) => Op.Call("mul.Scalar", this, target);
        public Tensor mul(Tensor target) => Op.Call("mul.Tensor", this, target);
        public Tensor mul_(Scalar target) => Op.Run("mul_.Scalar", this, target);
        public Tensor mul_(Tensor target) => Op.Run("mul_.Tensor", this, target);
        public Tensor multiply(Scalar target) => Op.Call("multiply.Scalar", this, target);
        public Tensor multiply(Tensor target) => Op.Call("multiply.Tensor", this, target);
        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => Op.Call("div.Scalar_mode", this, target, Rounding(rounding_mode));
        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => Op.Call("div.Tensor_mode", this, target, Rounding(rounding_mode));
        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => Op.Run("div_.Scalar_mode", this, target, Rounding(rounding_mode));
        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => Op.Run("div_.Tensor_mode", this, target, Rounding(rounding_mode));
        public Tensor divide(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => Op.Call("divide.Scalar_mode", this, target, Rounding(rounding_mode));
        public Tensor divide(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => Op.Call("divide.Tensor_mode", this, target, Rounding(rounding_mode));
        public Tensor divide_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => Op.Run("divide_.Scalar_mode", this, target, Rounding(rounding_mode));
        public Tensor divide_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => Op.Run("divide_.Tensor_mode", this, target, Rounding(rounding_mode));
        public Tensor true_divide(Scalar other) => Op.Call("true_divide.Scalar", this, other);
        public Tensor true_divide(Tensor other) => Op.Call("true_divide.Tensor", this, other);
        public Tensor true_divide_(Scalar other) => Op.Run("true_divide_.Scalar", this, other);
        public Tensor true_divide_(Tensor other) => Op.Run("true_divide_.Tensor", this, other);
        public Tensor floor_divide(Scalar other) => Op.Call("floor_divide.Scalar", this, other);
        public Tensor floor_divide(Tensor other) => Op.Call("floor_divide", this, other);
        public Tensor floor_divide_(Scalar other) => Op.Run("floor_divide_.Scalar", this, other);
        public Tensor floor_divide_(Tensor other) => Op.Run("floor_divide_.Tensor", this, other);
        public Tensor remainder(Scalar scalar) => Op.Call("remainder.Scalar", this, scalar);
        public Tensor remainder(Tensor target) => Op.Call("remainder.Tensor", this, target);
        public Tensor remainder_(Scalar scalar) => Op.Run("remainder_.Scalar", this, scalar);
        public Tensor remainder_(Tensor target) => Op.Run("remainder_.Tensor", this, target);
        public Tensor fmod(Scalar scalar) => Op.Call("fmod.Scalar", this, scalar);
        public Tensor fmod(Tensor target) => Op.Call("fmod.Tensor", this, target);
        public Tensor fmod_(Scalar scalar) => Op.Run("fmod_.Scalar", this, scalar);
        public Tensor fmod_(Tensor target) => Op.Run("fmod_.Tensor", this, target);
        public Tensor pow(Scalar exponent) => Op.Call("pow.Tensor_Scalar", this, exponent);
        public Tensor pow(Tensor exponent) => Op.Call("pow.Tensor_Tensor", this, exponent);
        public Tensor pow_(Scalar exponent) => Op.Run("pow_.Scalar", this, exponent);
        public Tensor pow_(Tensor exponent) => Op.Run("pow_.Tensor", this, exponent);
        public Tensor float_power(Tensor target) => Op.Call("float_power.Tensor_Tensor", this, target);
        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) => Op.Call("addcmul", this, tensor1, tensor2, value);
        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => Op.Run("addcmul_", this, tensor1, tensor2, value);
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2) => Op.Call("addcdiv", this, tensor1, tensor2);
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) => Op.Call("addcdiv", this, tensor1, tensor2, value);
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2) => Op.Run("addcdiv_", this, tensor1, tensor2);
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => Op.Run("addcdiv_", this, tensor1, tensor2, value);
        public Tensor lerp(Tensor end, Tensor weight) => Op.Call("lerp.Tensor", this, end, weight);
        public Tensor lerp_(Tensor end, Tensor weight) => Op.Run("lerp_.Tensor", this, end, weight);
        public Tensor neg() => Op.Call("neg", this);
        public Tensor neg_() => Op.Run("neg_", this);
        public Tensor negative() => Op.Call("negative", this);
        public Tensor positive() => Op.Call("positive", this);
        public Tensor reciprocal() => Op.Call("reciprocal", this);
        public Tensor reciprocal_() => Op.Run("reciprocal_", this);
        public Tensor sqrt() => Op.Call("sqrt", this);
        public Tensor sqrt_() => Op.Run("sqrt_", this);
        public Tensor rsqrt() => Op.Call("rsqrt", this);
        public Tensor rsqrt_() => Op.Run("rsqrt_", this);
        public Tensor square() => Op.Call("square", this);
    }
}
