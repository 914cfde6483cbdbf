namespace Microsoft.ML.PaT.Tests;

/// <summary>Tests of what the native library does run where it was built.</summary>
internal static class NativeSupport
{
    public static void Require()
    {
        if (!PatNative.IsAvailable) Assert.Ignore("libpat_native.so is built where libtorch's and gloo's headers are (standins mode, or PAT_TORCH_DIR): docs/decisions/distributed.md");
    }
}
