using System.Buffers;
using TorchSharp.Interop;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        internal IntPtr DataPointer
        {
            get
            {
                Status.Check(NativeMethods.sts_tensor_data(Handle, out var data));
                return data;
            }
        }

        public TensorAccessor<T> data<T>() where T : unmanaged
        {
            ElementTypes.Require<T>(dtype);
            return new TensorAccessor<T>(this);
        }

        /// <summary>The memory of a contiguous tensor on the CPU.</summary>
        public unsafe Span<byte> bytes
        {
            get
            {
                RequireMemory();
                return new Span<byte>((void*)DataPointer, checked((int)(NumberOfElements * ElementSize)));
            }
            set
            {
                var memory = bytes;
                if (value.Length != memory.Length)
                    throw new ArgumentException($"The tensor has {memory.Length} bytes, {value.Length} were given.", nameof(value));
                value.CopyTo(memory);
                GC.KeepAlive(this);
            }
        }

        private void RequireMemory()
        {
            if (device_type != DeviceType.CPU) throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
            if (!is_contiguous()) throw new NotImplementedException("Bytes() called on non-contiguous tensor.");
        }

        /// <summary>Writes the elements, as they lie in memory, in pieces of at most <paramref name="bufferSize"/> bytes.</summary>
        public unsafe void WriteBytesToStream(Stream stream, int bufferSize = 1024)
        {
            RequireMemory();
            long total = NumberOfElements * ElementSize;
            var data = (byte*)DataPointer;
            for (long offset = 0; offset < total; offset += bufferSize)
                stream.Write(new ReadOnlySpan<byte>(data + offset, (int)Math.Min(bufferSize, total - offset)));
            GC.KeepAlive(this);
        }

        public unsafe void ReadBytesFromStream(Stream stream, int bufferSize = 1024)
        {
            RequireMemory();
            long total = NumberOfElements * ElementSize;
            var data = (byte*)DataPointer;
            for (long offset = 0; offset < total; offset += bufferSize)
                stream.ReadExactly(new Span<byte>(data + offset, (int)Math.Min(bufferSize, total - offset)));
            GC.KeepAlive(this);
        }

        internal Value Element
        {
            get
            {
                Status.Check(NativeMethods.sts_tensor_item(Handle, out var value));
                GC.KeepAlive(this);
                return value;
            }
        }

        /// <summary>The only element, whose type has to be <typeparamref name="T"/>.</summary>
        public T item<T>() where T : unmanaged
        {
            var info = Info;
            if (info.Elements != 1) throw new ArgumentException($"item() wants a tensor of one element, this one has {info.Elements}.");
            ElementTypes.Require<T>((ScalarType)info.DType);
            return ElementTypes.Convert<T>(Element);
        }

        public Scalar ToScalar()
        {
            var value = Element;
            return value.Tag switch { Tag.Bool => value.Integer != 0, Tag.Int => value.Integer, _ => value.Real };
        }
    }
}
