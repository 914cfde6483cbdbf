using System.Runtime.InteropServices;

namespace Microsoft.ML.PaT;

/// <summary>Every function of the native library, declared once; src/Microsoft.ML.PaT.Native/api.h is their C side. To be called after <see cref="PatNative.Require"/>.</summary>
internal static unsafe partial class NativeMethods
{
    internal const string Library = "pat_native";

    [LibraryImport(Library)] internal static partial byte* pat_last_error();
    [LibraryImport(Library)] internal static partial byte* pat_built_against();
    [LibraryImport(Library)] internal static partial byte* pat_configuration();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial int pat_store_open(string host, int port, int serves, long timeout, out IntPtr store);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial int pat_store_set(IntPtr store, string key, byte* value, long length);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial int pat_store_has(IntPtr store, string key, out int has);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial int pat_store_get(IntPtr store, string key, byte* value, long capacity, out long length);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial int pat_store_add(IntPtr store, string key, long amount, out long sum);
    [LibraryImport(Library)] internal static partial int pat_store_release(IntPtr store);

    [LibraryImport(Library)] internal static partial int pat_group_backends(out int gloo, out int nccl);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial int pat_group_open(IntPtr store, string prefix, int rank, int size, string address, string @interface, int nccl, long timeout, out IntPtr group);
    [LibraryImport(Library)] internal static partial int pat_group_forget_store(IntPtr group);
    [LibraryImport(Library)] internal static partial int pat_group_all_reduce(IntPtr group, IntPtr tensor, NativeReduction reduction, out IntPtr work);
    [LibraryImport(Library)] internal static partial int pat_group_broadcast(IntPtr group, IntPtr tensor, int root, out IntPtr work);
    [LibraryImport(Library)] internal static partial int pat_group_all_gather(IntPtr group, IntPtr tensor, IntPtr* results, int count, out IntPtr work);
    [LibraryImport(Library)] internal static partial int pat_group_release(IntPtr group);
    [LibraryImport(Library)] internal static partial int pat_work_wait(IntPtr work, long timeout, out int done);
    [LibraryImport(Library)] internal static partial int pat_work_release(IntPtr work);

    [LibraryImport(Library)] internal static partial int pat_reducer_new(IntPtr group, IntPtr* parameters, int* bucketOf, int count, IntPtr* buckets, int bucketCount, out IntPtr reducer);
    [LibraryImport(Library)] internal static partial int pat_reducer_arm(IntPtr reducer);
    [LibraryImport(Library)] internal static partial int pat_reducer_launch_rest(IntPtr reducer, out int early);
    [LibraryImport(Library)] internal static partial int pat_reducer_wait(IntPtr reducer, long timeout, out int done);
    [LibraryImport(Library)] internal static partial int pat_reducer_release(IntPtr reducer);

    [LibraryImport(Library)] internal static partial int pat_batch_norm(IntPtr group, IntPtr input, IntPtr scale, IntPtr shift, IntPtr runningMean, IntPtr runningVariance, double momentum, double epsilon, IntPtr output);

    [LibraryImport(Library)] internal static partial int pat_autocast_begin(int cuda, int precision);
    [LibraryImport(Library)] internal static partial int pat_autocast_end(int cuda);
    [LibraryImport(Library)] internal static partial int pat_cudnn_benchmark(int enabled);
}
