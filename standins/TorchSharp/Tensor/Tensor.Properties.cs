using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private TensorInfo Info
        {
            get
            {
                Status.Check(NativeMethods.sts_tensor_info(Handle, out var info));
                GC.KeepAlive(this);
                return info;
            }
        }

        public long Dimensions => Info.Dimensions;
        public long dim() => Info.Dimensions;
        public long ndim => Info.Dimensions;
        public long NumberOfElements => Info.Elements;
        public long numel() => Info.Elements;
        public long ElementSize => Info.ElementSize;
        public long element_size() => Info.ElementSize;

        public ScalarType dtype => (ScalarType)Info.DType;
        public DeviceType device_type => (DeviceType)Info.DeviceType;
        public int device_index => Info.DeviceIndex;

        public Device device
        {
            get
            {
                var info = Info;
                return new Device((DeviceType)info.DeviceType, info.DeviceIndex);
            }
        }

        public bool is_cuda => device_type == DeviceType.CUDA;
        public bool is_cpu() => device_type == DeviceType.CPU;
        public bool is_meta => device_type == DeviceType.META;
        public bool is_integral() => torch.is_integral(dtype);
        public bool is_floating_point() => torch.is_floating_point(dtype);
        public bool is_complex() => torch.is_complex(dtype);
        public bool is_contiguous() => Info.IsContiguous != 0;
        public bool is_nonzero() => ToScalar().ToBoolean();

        public unsafe long[] shape
        {
            get
            {
                var sizes = new long[Info.Dimensions];
                fixed (long* first = sizes) Status.Check(NativeMethods.sts_tensor_sizes(Handle, first, sizes.Length));
                GC.KeepAlive(this);
                return sizes;
            }
        }

        public long[] size() => shape;
        public long size(int dim) => At(shape, dim);

        public unsafe long[] stride()
        {
            var strides = new long[Info.Dimensions];
            fixed (long* first = strides) Status.Check(NativeMethods.sts_tensor_strides(Handle, first, strides.Length));
            GC.KeepAlive(this);
            return strides;
        }

        public long stride(int dim) => At(stride(), dim);

        public long storage_offset() => Info.StorageOffset;

        /// <summary>Dimensions count from the end where they are negative.</summary>
        private static long At(long[] values, int dim) => values[dim < 0 ? dim + values.Length : dim];
    }

    public static long numel(Tensor input) => input.numel();
}
