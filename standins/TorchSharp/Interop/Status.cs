using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>Turns a failed native call into the exception TorchSharp's callers expect.</summary>
internal static class Status
{
    internal static void Check(int status)
    {
        if (status != 0) Throw();
    }

    private static unsafe void Throw() => throw new ExternalException(NativeMethods.Text(NativeMethods.sts_last_error()));
}
