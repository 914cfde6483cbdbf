using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The version of libtorch.</summary>
    public static unsafe string __version__ => NativeMethods.Text(NativeMethods.sts_built_against());

    public static bool cuda_is_available() => cuda.is_available();

    /// <summary>NVIDIA devices.</summary>
    public static class cuda
    {
        public static bool is_available() => device_count() > 0;

        public static bool is_cudnn_available()
        {
            Status.Check(NativeMethods.sts_has_cudnn(out int available));
            return available != 0;
        }

        public static int device_count()
        {
            Status.Check(NativeMethods.sts_cuda_count(out int count));
            return count;
        }

        public static void manual_seed(long seed) => random.manual_seed(seed).Dispose();
        public static void manual_seed_all(long seed) => random.manual_seed(seed).Dispose();

        /// <summary>Waits until everything that was issued to a device is done.</summary>
        public static void synchronize(Device? device = null) => Status.Check(NativeMethods.sts_cuda_synchronize(device?.index ?? -1));
    }

    public static int get_num_threads() => Threads(interop: 0);
    public static int get_num_interop_threads() => Threads(interop: 1);
    public static void set_num_threads(int num) => Status.Check(NativeMethods.sts_set_threads(0, num));
    public static void set_num_interop_threads(int num) => Status.Check(NativeMethods.sts_set_threads(1, num));

    private static int Threads(int interop)
    {
        Status.Check(NativeMethods.sts_get_threads(interop, out int threads));
        return threads;
    }
}
