namespace TorchSharp.Interop;

/// <summary>libtorch's global switches; the C side is runtime.cpp.</summary>
internal enum Switch
{
    MatmulTf32, CudnnTf32,
}

internal static class Switches
{
    internal static bool Get(Switch which)
    {
        Status.Check(NativeMethods.sts_switch_get((int)which, out int value));
        return value != 0;
    }

    internal static void Set(Switch which, bool value) => Status.Check(NativeMethods.sts_switch_set((int)which, value ? 1 : 0));
}
