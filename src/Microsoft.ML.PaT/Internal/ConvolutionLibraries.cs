using System.Runtime.InteropServices;
using TorchSharp;

namespace Microsoft.ML.PaT.Internal;

/// <summary>
/// Keeps libtorch from libraries that compute wrong convolutions on this machine (docs/decisions/hidden-caches.md).
/// TorchSharp has no switch for them, so this calls those of libtorch's <c>at::Context</c>.
/// </summary>
internal static unsafe class ConvolutionLibraries
{
    private static readonly string[] s_context = ["_ZN2at13globalContextEv", "?globalContext@at@@YAAEAVContext@1@XZ"];

    private static readonly string[] s_oneDnn =
        ["_ZN2at7Context20setUserEnabledMkldnnEb", "?setUserEnabledMkldnn@Context@at@@QEAAX_N@Z"];

    private static readonly string[] s_nnpack =
        ["_ZN2at7Context20setUserEnabledNNPACKEb", "?setUserEnabledNNPACK@Context@at@@QEAAX_N@Z"];

    /// <summary>Whether libtorch computes convolutions on the CPU without oneDNN.</summary>
    public static bool OneDnnIsOff { get; private set; }

    /// <summary>A remark on slow convolutions on a device; null if there is none.</summary>
    public static string? RemarkFor(torch.Device device) => OneDnnIsOff && device.type == DeviceType.CPU
        ? "This processor hides its caches, as some virtual machines do, and oneDNN computes wrong convolutions then. "
            + "libtorch computes them without oneDNN: several times slower, and in bfloat16 slower still."
        : null;

    /// <summary>
    /// Turns off NNPACK, which computes none of the library's convolutions and prints a line for many of them on
    /// processors that it does not support, and turns off oneDNN if <see cref="ProcessorCaches.AreHidden"/>.
    /// </summary>
    /// <returns>Why convolutions would be wrong; null if they are right.</returns>
    public static string? Choose()
    {
        TurnOff(s_nnpack);
        if (!ProcessorCaches.AreHidden) return null;
        OneDnnIsOff = TurnOff(s_oneDnn);
        return OneDnnIsOff
            ? null
            : "This processor hides its caches, and oneDNN computes wrong convolutions then. This version of libtorch "
                + "has no switch for oneDNN. Use TorchSharp-cpu 0.107.0, or another processor.";
    }

    /// <returns>Whether libtorch has the switch.</returns>
    private static bool TurnOff(string[] names)
    {
        if (!NativeLibrary.TryLoad("torch_cpu", typeof(torch).Assembly, null, out var library)) return false;
        if (Find(library, s_context) is not { } context || Find(library, names) is not { } set) return false;
        ((delegate* unmanaged<nint, byte, void>)set)(((delegate* unmanaged<nint>)context)(), 0);
        return true;
    }

    /// <summary>The address of a function by its name in one of the C++ ABIs.</summary>
    private static nint? Find(nint library, string[] names)
    {
        foreach (var name in names)
        {
            if (NativeLibrary.TryGetExport(library, name, out var address)) return address;
        }
        return null;
    }
}
