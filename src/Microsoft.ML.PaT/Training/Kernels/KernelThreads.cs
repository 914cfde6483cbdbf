using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Microsoft.ML.PaT.Training.Kernels;

/// <summary>
/// Runs work on libtorch's OpenMP threads through the C interface of GCC's runtime, which LLVM's runtime has too. After
/// an operator, those threads spin until the next one, so threads of our own would compete with them for the cores.
/// Uses the thread pool if there is no such runtime.
/// </summary>
internal static unsafe class KernelThreads
{
    private static readonly delegate* unmanaged<
        delegate* unmanaged[Cdecl]<nint, void>,
        nint,
        uint,
        uint,
        void> s_parallel;
    private static readonly delegate* unmanaged<int> s_thread, s_threads;

    static KernelThreads()
    {
        if (!NativeLibrary.TryLoad("LibTorchSharp", typeof(torch).Assembly, null, out var library)
            || !NativeLibrary.TryGetExport(library, "GOMP_parallel", out var parallel)
            || !NativeLibrary.TryGetExport(library, "omp_get_thread_num", out var thread)
            || !NativeLibrary.TryGetExport(library, "omp_get_num_threads", out var threads)) return;
        s_parallel = (delegate* unmanaged<delegate* unmanaged[Cdecl]<nint, void>, nint, uint, uint, void>)parallel;
        s_thread = (delegate* unmanaged<int>)thread;
        s_threads = (delegate* unmanaged<int>)threads;
    }

    /// <summary>Whether work runs on libtorch's threads.</summary>
    public static bool AreLibtorchs => s_parallel != null;

    /// <summary>Runs all parts and returns when they are done.</summary>
    /// <param name="threads">Maximum number of threads.</param>
    public static void Run(IParallelWork work, int threads)
    {
        if (threads <= 1)
        {
            work.Run(0, 1);
        }
        else if (AreLibtorchs)
        {
            var handle = GCHandle.Alloc(work);
            s_parallel(&Part, GCHandle.ToIntPtr(handle), (uint)threads, 0);
            handle.Free();
        }
        else
        {
            Parallel.For(0, threads, part => work.Run(part, threads));
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Part(nint work) =>
        ((IParallelWork)GCHandle.FromIntPtr(work).Target!).Run(s_thread(), s_threads());
}
