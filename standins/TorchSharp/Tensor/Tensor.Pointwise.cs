using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor abs() => Op.Call("abs", this);
        public Tensor abs_() => Op.Run("abs_", this);
        public Tensor absolute() => Op.Call("absolute", this);
        public Tensor absolute_() => Op.Run("absolute_", this);
        public Tensor sign() => Op.Call("sign", this);
        public Tensor sign_() => Op.Run("sign_", this);
        public Tensor sgn() => Op.Call("sgn", this);
        public Tensor sgn_() => Op.Run("sgn_", this);
        public Tensor signbit() => Op.Call("signbit", this);
        public Tensor exp() => Op.Call("exp", this);
        public Tensor exp_() => Op.Run("exp_", this);
        public Tensor exp2() => Op.Call("exp2", this);
        public Tensor expm1() => Op.Call("expm1", this);
        public Tensor expm1_() => Op.Run("expm1_", this);
        public Tensor log() => Op.Call("log", this);
        public Tensor log_() => Op.Run("log_", this);
        public Tensor log2() => Op.Call("log2", this);
        public Tensor log2_() => Op.Run("log2_", this);
        public Tensor log10() => Op.Call("log10", this);
        public Tensor log10_() => Op.Run("log10_", this);
        public Tensor log1p() => Op.Call("log1p", this);
        public Tensor log1p_() => Op.Run("log1p_", this);
        public Tensor logaddexp(Tensor other) => Op.Call("logaddexp", this, other);
        public Tensor logaddexp2(Tensor other) => Op.Call("logaddexp2", this, other);
        public Tensor xlogy(Scalar y) => Op.Call("xlogy.Scalar_Other", this, y);
        public Tensor xlogy(Tensor y) => Op.Call("xlogy.Tensor", this, y);
        public Tensor xlogy_(Scalar y) => Op.Run("xlogy_.Scalar_Other", this, y);
        public Tensor xlogy_(Tensor y) => Op.Run("xlogy_.Tensor", this, y);
        public Tensor erf() => Op.Call("erf", this);
        public Tensor erf_() => Op.Run("erf_", this);
        public Tensor erfc() => Op.Call("erfc", this);
        public Tensor erfc_() => Op.Run("erfc_", this);
        public Tensor erfinv() => Op.Call("erfinv", this);
        public Tensor erfinv_() => Op.Run("erfinv_", this);
        public Tensor lgamma() => Op.Call("lgamma", this);
        public Tensor lgamma_() => Op.Run("lgamma_", this);
        public Tensor digamma() => Op.Call("digamma", this);
        public Tensor digamma_() => Op.Run("digamma_", this);
        public Tensor ceil() => Op.Call("ceil", this);
        public Tensor ceil_() => Op.Run("ceil_", this);
        public Tensor floor() => Op.Call("floor", this);
        public Tensor floor_() => Op.Run("floor_", this);
        public Tensor trunc() => Op.Call("trunc", this);
        public Tensor trunc_() => Op.Run("trunc_", this);
        public Tensor fix() => Op.Call("fix", this);
        public Tensor fix_() => Op.Run("fix_", this);
        public Tensor frac() => Op.Call("frac", this);
        public Tensor frac_() => Op.Run("frac_", this);
        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Op.Call("clamp", this, min, max);
        public Tensor clamp(Tensor? min = null, Tensor? max = null) => Op.Call("clamp.Tensor", this, min, max);
        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => Op.Run("clamp_", this, min, max);
        public Tensor clamp_(Tensor? min = null, Tensor? max = null) => Op.Run("clamp_.Tensor", this, min, max);
        public Tensor clamp_min(Scalar min) => Op.Call("clamp_min", this, min);
        public Tensor clamp_min_(Scalar min) => Op.Run("clamp_min_", this, min);
        public Tensor clamp_max(Scalar max) => Op.Call("clamp_max", this, max);
        public Tensor clamp_max_(Scalar max) => Op.Run("clamp_max_", this, max);
        public Tensor clip(Scalar? min = null, Scalar? max = null) => Op.Call("clip", this, min, max);
        public Tensor maximum(Tensor other) => Op.Call("maximum", this, other);
        public Tensor minimum(Tensor other) => Op.Call("minimum", this, other);
        public Tensor fmax(Tensor other) => Op.Call("fmax", this, other);
        public Tensor fmin(Tensor other) => Op.Call("fmin", this, other);
        public Tensor nan_to_num(double nan = 0d, double? posinf = null, double? neginf = null) => Op.Call("nan_to_num", this, nan, posinf, neginf);
        public Tensor copysign(Tensor other) => Op.Call("copysign.Tensor", this, other);
        public Tensor hypot(Tensor other) => Op.Call("hypot", this, other);
        public Tensor logit(double? eps = null) => Op.Call("logit", this, eps);
        public Tensor sinc() => Op.Call("sinc", this);
        public Tensor sinc_() => Op.Run("sinc_", this);
        public Tensor deg2rad() => Op.Call("deg2rad", this);
        public Tensor rad2deg() => Op.Call("rad2deg", this);
    }
}
