using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor sin() => Op.Call("sin", this);
        public Tensor sin_() => Op.Run("sin_", this);
        public Tensor cos() => Op.Call("cos", this);
        public Tensor cos_() => Op.Run("cos_", this);
        public Tensor tan() => Op.Call("tan", this);
        public Tensor tan_() => Op.Run("tan_", this);
        public Tensor asin() => Op.Call("asin", this);
        public Tensor asin_() => Op.Run("asin_", this);
        public Tensor acos() => Op.Call("acos", this);
        public Tensor acos_() => Op.Run("acos_", this);
        public Tensor atan() => Op.Call("atan", this);
        public Tensor atan_() => Op.Run("atan_", this);
        public Tensor atan2(Tensor other) => Op.Call("atan2", this, other);
        public Tensor atan2_(Tensor other) => Op.Run("atan2_", this, other);
        public Tensor sinh() => Op.Call("sinh", this);
        public Tensor sinh_() => Op.Run("sinh_", this);
        public Tensor cosh() => Op.Call("cosh", this);
        public Tensor cosh_() => Op.Run("cosh_", this);
        public Tensor tanh() => Op.Call("tanh", this);
        public Tensor tanh_() => Op.Run("tanh_", this);
        public Tensor asinh() => Op.Call("asinh", this);
        public Tensor asinh_() => Op.Run("asinh_", this);
        public Tensor acosh() => Op.Call("acosh", this);
        public Tensor acosh_() => Op.Run("acosh_", this);
        public Tensor atanh() => Op.Call("atanh", this);
        public Tensor atanh_() => Op.Run("atanh_", this);
        public Tensor arcsin() => Op.Call("arcsin", this);
        public Tensor arccos() => Op.Call("arccos", this);
        public Tensor arctan() => Op.Call("arctan", this);
        public Tensor arctan2(Tensor other) => Op.Call("arctan2", this, other);
    }
}
