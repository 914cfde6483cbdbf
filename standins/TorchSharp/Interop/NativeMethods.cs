using System.Reflection;
using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>Every function of the native half, declared once; Native/api.h is their C side.</summary>
internal static unsafe partial class NativeMethods
{
    private const string Library = "torchsharp_standin";

    static NativeMethods()
    {
        NativeLibrary.SetDllImportResolver(typeof(NativeMethods).Assembly, Load);
        NativeVersion.Require(Text(sts_built_against()), Text(sts_configuration()));
    }

    private static IntPtr Load(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library) return IntPtr.Zero;
        try
        {
            return NativeLibrary.Load(name, assembly, path);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
        {
            throw new NotSupportedException(
                $"libtorchsharp_standin.so could not be loaded: the libtorch of this machine is missing, or of another version or C++ ABI than the one it was built against. Build standins/TorchSharp again on this machine. ({e.Message})", e);
        }
    }

    internal static string Text(byte* utf8) => Marshal.PtrToStringUTF8((IntPtr)utf8) ?? "";

    [LibraryImport(Library)] internal static partial byte* sts_last_error();
    [LibraryImport(Library)] internal static partial byte* sts_built_against();
    [LibraryImport(Library)] internal static partial byte* sts_configuration();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial int sts_find(string name, string overload, out IntPtr op);
    [LibraryImport(Library)] internal static partial int sts_call(IntPtr op, Value* arguments, int count, Value* results, int capacity, int* returned);
    [LibraryImport(Library)] internal static partial int sts_list_release(IntPtr* handles);

    [LibraryImport(Library)] internal static partial int sts_tensor_release(IntPtr tensor);
    [LibraryImport(Library)] internal static partial int sts_tensor_live(out long count);
    [LibraryImport(Library)] internal static partial int sts_tensor_info(IntPtr tensor, out TensorInfo info);
    [LibraryImport(Library)] internal static partial int sts_tensor_sizes(IntPtr tensor, long* sizes, long capacity);
    [LibraryImport(Library)] internal static partial int sts_tensor_strides(IntPtr tensor, long* strides, long capacity);
    [LibraryImport(Library)] internal static partial int sts_tensor_data(IntPtr tensor, out IntPtr data);
    [LibraryImport(Library)] internal static partial int sts_tensor_item(IntPtr tensor, out Value value);
    [LibraryImport(Library)] internal static partial int sts_tensor_alias(IntPtr tensor, out IntPtr alias);
    [LibraryImport(Library)] internal static partial int sts_tensor_from_blob(void* data, long* sizes, int dimensions, int dtype, delegate* unmanaged[Cdecl]<IntPtr, void> deleter, IntPtr context, out IntPtr tensor);
    [LibraryImport(Library)] internal static partial int sts_tensor_new(void* data, long bytes, long* sizes, int dimensions, int dtype, out IntPtr tensor);

    [LibraryImport(Library)] internal static partial int sts_set_requires_grad(IntPtr tensor, int value);
    [LibraryImport(Library)] internal static partial int sts_retain_grad(IntPtr tensor);
    [LibraryImport(Library)] internal static partial int sts_get_grad(IntPtr tensor, out IntPtr grad);
    [LibraryImport(Library)] internal static partial int sts_set_grad(IntPtr tensor, IntPtr grad);
    [LibraryImport(Library)] internal static partial int sts_backward(IntPtr* tensors, int count, IntPtr* gradients, int gradientCount, int retainGraph, int createGraph, IntPtr* inputs, int inputCount);
    [LibraryImport(Library)] internal static partial int sts_grad(IntPtr* outputs, int count, IntPtr* inputs, int inputCount, IntPtr* gradients, int gradientCount, int retainGraph, int createGraph, int allowUnused, IntPtr* results);
    [LibraryImport(Library)] internal static partial int sts_grad_mode_get(out int enabled);
    [LibraryImport(Library)] internal static partial int sts_grad_mode_set(int enabled);
    [LibraryImport(Library)] internal static partial int sts_inference_mode_get(out int enabled);
    [LibraryImport(Library)] internal static partial int sts_inference_mode_enter(int enabled, out IntPtr guard);
    [LibraryImport(Library)] internal static partial int sts_inference_mode_leave(IntPtr guard);

    [LibraryImport(Library)] internal static partial int sts_generator_new(int deviceType, int deviceIndex, out IntPtr generator);
    [LibraryImport(Library)] internal static partial int sts_generator_default(int deviceType, int deviceIndex, out IntPtr generator);
    [LibraryImport(Library)] internal static partial int sts_generator_release(IntPtr generator);
    [LibraryImport(Library)] internal static partial int sts_generator_set_seed(IntPtr generator, long seed);
    [LibraryImport(Library)] internal static partial int sts_generator_initial_seed(IntPtr generator, out long seed);
    [LibraryImport(Library)] internal static partial int sts_generator_random_seed(IntPtr generator, out long seed);
    [LibraryImport(Library)] internal static partial int sts_generator_get_state(IntPtr generator, out IntPtr state);
    [LibraryImport(Library)] internal static partial int sts_generator_set_state(IntPtr generator, IntPtr state);

    [LibraryImport(Library)] internal static partial int sts_get_threads(int interop, out int threads);
    [LibraryImport(Library)] internal static partial int sts_set_threads(int interop, int threads);
    [LibraryImport(Library)] internal static partial int sts_cuda_count(out int count);
    [LibraryImport(Library)] internal static partial int sts_has_cudnn(out int available);
    [LibraryImport(Library)] internal static partial int sts_cuda_synchronize(int index);
    [LibraryImport(Library)] internal static partial int sts_manual_seed(long seed);
    [LibraryImport(Library)] internal static partial int sts_switch_get(int which, out int value);
    [LibraryImport(Library)] internal static partial int sts_switch_set(int which, int value);
}
