using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.PaT.Internal;

/// <summary>What the processor says about its caches, as oneDNN reads it.</summary>
internal static class ProcessorCaches
{
    private const int CacheProperties = unchecked((int)0x8000001D);

    /// <summary>
    /// Whether oneDNN takes the caches for empty: an AMD processor without data on its caches in CPUID, as in virtual
    /// machines that hide them. For other vendors oneDNN then assumes sizes.
    /// </summary>
    public static bool AreHidden { get; } = X86Base.IsSupported && IsAmd(X86Base.CpuId(0, 0))
        && IsEmpty(X86Base.CpuId(CacheProperties, 0));

    /// <summary>Whether the answer of leaf 0 is <c>AuthenticAMD</c>.</summary>
    internal static bool IsAmd((int Eax, int Ebx, int Ecx, int Edx) vendor) =>
        (vendor.Ebx, vendor.Edx, vendor.Ecx) == (0x68747541, 0x69746E65, 0x444D4163);

    /// <summary>Whether the answer of leaf 8000001D is a cache of no type: bits 0 to 4 of EAX are 0.</summary>
    internal static bool IsEmpty((int Eax, int Ebx, int Ecx, int Edx) cache) => (cache.Eax & 0x1F) == 0;
}
