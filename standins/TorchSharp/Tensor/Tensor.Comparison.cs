using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor eq(Scalar target) => Op.Call("eq.Scalar", this, target);
        public Tensor eq(Tensor target) => Op.Call("eq.Tensor", this, target);
        public Tensor eq_(Scalar target) => Op.Run("eq_.Scalar", this, target);
        public Tensor eq_(Tensor target) => Op.Run("eq_.Tensor", this, target);
        public Tensor ne(Scalar target) => Op.Call("ne.Scalar", this, target);
        public Tensor ne(Tensor target) => Op.Call("ne.Tensor", this, target);
        public Tensor ne_(Scalar target) => Op.Run("ne_.Scalar", this, target);
        public Tensor ne_(Tensor target) => Op.Run("ne_.Tensor", this, target);
        public Tensor lt(Scalar target) => Op.Call("lt.Scalar", this, target);
        public Tensor lt(Tensor target) => Op.Call("lt.Tensor", this, target);
        public Tensor lt_(Scalar target) => Op.Run("lt_.Scalar", this, target);
        public Tensor lt_(Tensor target) => Op.Run("lt_.Tensor", this, target);
        public Tensor le(Scalar target) => Op.Call("le.Scalar", this, target);
        public Tensor le(Tensor target) => Op.Call("le.Tensor", this, target);
        public Tensor le_(Scalar target) => Op.Run("le_.Scalar", this, target);
        public Tensor le_(Tensor target) => Op.Run("le_.Tensor", this, target);
        public Tensor gt(Scalar target) => Op.Call("gt.Scalar", this, target);
        public Tensor gt(Tensor target) => Op.Call("gt.Tensor", this, target);
        public Tensor gt_(Scalar target) => Op.Run("gt_.Scalar", this, target);
        public Tensor gt_(Tensor target) => Op.Run("gt_.Tensor", this, target);
        public Tensor ge(Scalar target) => Op.Call("ge.Scalar", this, target);
        public Tensor ge(Tensor target) => Op.Call("ge.Tensor", this, target);
        public Tensor ge_(Scalar target) => Op.Run("ge_.Scalar", this, target);
        public Tensor ge_(Tensor target) => Op.Run("ge_.Tensor", this, target);
        public Tensor greater(Tensor target) => Op.Call("greater.Tensor", this, target);
        public Tensor greater_equal(Tensor target) => Op.Call("greater_equal.Tensor", this, target);
        public Tensor less(Tensor target) => Op.Call("less.Tensor", this, target);
        public Tensor less_equal(Tensor target) => Op.Call("less_equal.Tensor", this, target);
        public Tensor not_equal(Tensor target) => Op.Call("not_equal.Tensor", this, target);
        public Tensor isclose(Tensor other, double rtol = 1e-05, double atol = 1e-08, bool nanEqual = false) => Op.Call("isclose", this, other, rtol, atol, nanEqual);
        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false) => Op.CallBool("allclose", this, target, rtol, atol, equal_nan);
        public Tensor isnan() => Op.Call("isnan", this);
        public Tensor isinf() => Op.Call("isinf", this);
        public Tensor isfinite() => Op.Call("isfinite", this);
        public Tensor isneginf() => Op.Call("isneginf", this);
        public Tensor isposinf() => Op.Call("isposinf", this);
        public Tensor isreal() => Op.Call("isreal", this);
        public Tensor logical_and(Tensor other) => Op.Call("logical_and", this, other);
        public Tensor logical_and_(Tensor other) => Op.Run("logical_and_", this, other);
        public Tensor logical_or(Tensor other) => Op.Call("logical_or", this, other);
        public Tensor logical_or_(Tensor other) => Op.Run("logical_or_", this, other);
        public Tensor logical_xor(Tensor other) => Op.Call("logical_xor", this, other);
        public Tensor logical_xor_(Tensor other) => Op.Run("logical_xor_", this, other);
        public Tensor logical_not() => Op.Call("logical_not", this);
        public Tensor logical_not_() => Op.Run("logical_not_", this);
        public Tensor bitwise_and(Tensor other) => Op.Call("bitwise_and.Tensor", this, other);
        public Tensor bitwise_and_(Tensor other) => Op.Run("bitwise_and_.Tensor", this, other);
        public Tensor bitwise_or(Tensor other) => Op.Call("bitwise_or.Tensor", this, other);
        public Tensor bitwise_or_(Tensor other) => Op.Run("bitwise_or_.Tensor", this, other);
        public Tensor bitwise_xor(Tensor other) => Op.Call("bitwise_xor.Tensor", this, other);
        public Tensor bitwise_xor_(Tensor other) => Op.Run("bitwise_xor_.Tensor", this, other);
        public Tensor bitwise_not() => Op.Call("bitwise_not", this);
        public Tensor bitwise_not_() => Op.Run("bitwise_not_", this);
        public Tensor isin(Tensor test_elements, bool assumeUnique = false, bool invert = false) => Op.Call("isin.Tensor_Tensor", this, test_elements, assumeUnique, invert);
    }
}
