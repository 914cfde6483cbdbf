using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
            => Converted(Op.Call("to.dtype", this, type, non_blocking, copy), disposeAfter);

        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
            => Converted(Op.Call("to.dtype_layout", this, Arg.None, Arg.None, device, Arg.None, non_blocking, copy), disposeAfter);

        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
            => Converted(Op.Call("to.device", this, device, type, non_blocking, copy), disposeAfter);

        public Tensor to(DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
            => to(new Device(deviceType, deviceIndex), copy, disposeAfter, non_blocking);

        public Tensor to(string device, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
            => to(new Device(device), copy, disposeAfter, non_blocking);

        public Tensor to(Tensor other, bool non_blocking = false) => to(other.dtype, other.device, non_blocking: non_blocking);

        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
            => to(type, copy, disposeAfter, non_blocking);

        public Tensor type(ScalarType dtype) => to(dtype);
        public Tensor type_as(Tensor tensor) => to(tensor.dtype);

        public Tensor cpu() => to(CPU);
        public Tensor cuda(Device? device = null, bool non_blocking = false) => to(device ?? CUDA, non_blocking: non_blocking);

        public Tensor @bool() => to(ScalarType.Bool);
        public Tensor @byte() => to(ScalarType.Byte);
        public Tensor @char() => to(ScalarType.Int8);
        public Tensor @short() => to(ScalarType.Int16);
        public Tensor @int() => to(ScalarType.Int32);
        public Tensor @long() => to(ScalarType.Int64);
        public Tensor half() => to(ScalarType.Float16);
        public Tensor bfloat16() => to(ScalarType.BFloat16);
        public Tensor @float() => to(ScalarType.Float32);
        public Tensor @double() => to(ScalarType.Float64);
        public Tensor cfloat() => to(ScalarType.ComplexFloat32);
        public Tensor cdouble() => to(ScalarType.ComplexFloat64);

        public Tensor contiguous() => Op.Call("contiguous", this);
        public Tensor pin_memory() => Op.Call("pin_memory", this);
        public bool is_pinned() => Op.CallBool("is_pinned", this);

        private Tensor Converted(Tensor result, bool disposeAfter)
        {
            if (disposeAfter) Dispose();
            return result;
        }

        public static explicit operator bool(Tensor value) => value.ToBoolean();
        public static explicit operator byte(Tensor value) => value.ToByte();
        public static explicit operator sbyte(Tensor value) => value.ToSByte();
        public static explicit operator short(Tensor value) => value.ToInt16();
        public static explicit operator int(Tensor value) => value.ToInt32();
        public static explicit operator long(Tensor value) => value.ToInt64();
        public static explicit operator float(Tensor value) => value.ToSingle();
        public static explicit operator double(Tensor value) => value.ToDouble();

        public static implicit operator Tensor(bool scalar) => tensor(scalar);
        public static implicit operator Tensor(byte scalar) => tensor(scalar);
        public static implicit operator Tensor(sbyte scalar) => tensor(scalar);
        public static implicit operator Tensor(short scalar) => tensor(scalar);
        public static implicit operator Tensor(int scalar) => tensor(scalar);
        public static implicit operator Tensor(long scalar) => tensor(scalar);
        public static implicit operator Tensor(float scalar) => tensor(scalar);
        public static implicit operator Tensor(double scalar) => tensor(scalar);
        public static implicit operator Tensor(Scalar scalar) => FromScalar(scalar);
        public static implicit operator Tensor(bool[] array) => tensor(array);
        public static implicit operator Tensor(byte[] array) => tensor(array);
        public static implicit operator Tensor(sbyte[] array) => tensor(array);
        public static implicit operator Tensor(short[] array) => tensor(array);
        public static implicit operator Tensor(int[] array) => tensor(array);
        public static implicit operator Tensor(long[] array) => tensor(array);
        public static implicit operator Tensor(float[] array) => tensor(array);
        public static implicit operator Tensor(double[] array) => tensor(array);
    }
}
