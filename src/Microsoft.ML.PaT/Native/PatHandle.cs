using System.Runtime.InteropServices;

namespace Microsoft.ML.PaT;

/// <summary>Something that the native library made, released once and never under a call that uses it.</summary>
internal sealed class PatHandle : SafeHandle
{
    private readonly Func<IntPtr, int> _release;

    public PatHandle(IntPtr handle, Func<IntPtr, int> release) : base(IntPtr.Zero, ownsHandle: true)
    {
        _release = release;
        SetHandle(handle);
    }

    public override bool IsInvalid => handle == IntPtr.Zero;

    protected override bool ReleaseHandle() => _release(handle) == 0;
}
