using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Microsoft.ML.PaT.Internal;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

public class ProcessorCachesTests
{
    [Test]
    public void Only_AMDs_answer_names_AMD()
    {
        Assert.That(ProcessorCaches.IsAmd((0xD, 0x68747541, 0x444D4163, 0x69746E65)), "AuthenticAMD");
        Assert.That(ProcessorCaches.IsAmd((0x16, 0x756E6547, 0x6C65746E, 0x49656E69)), Is.False, "GenuineIntel");
    }

    [Test]
    public void A_cache_without_a_type_is_hidden()
    {
        Assert.That(ProcessorCaches.IsEmpty((0, 0, 0, 0)));
        Assert.That(ProcessorCaches.IsEmpty((0x4121, 0x1C0003F, 0x3F, 0)), Is.False, "32 KiB, level 1, data");
    }

    [Test]
    public void OneDNN_is_off_where_the_caches_are_hidden()
    {
        if (!X86Base.IsSupported) Assert.Ignore("this processor has no CPUID");
        TorchLibrary.Require();
        Assert.That(ConvolutionLibraries.OneDnnIsOff, Is.EqualTo(ProcessorCaches.AreHidden));
        Assert.That(
            ConvolutionLibraries.RemarkFor(torch.CPU), ProcessorCaches.AreHidden ? Does.Contain("slower") : Is.Null);
        Assert.That(MachineDescription.Of(1).Contains("without oneDNN"), Is.EqualTo(ProcessorCaches.AreHidden));
    }

    [Test]
    public unsafe void Libtorch_has_the_switches()
    {
        if (!OperatingSystem.IsLinux() || !X86Base.IsSupported) Assert.Ignore("asks with the names of Linux on x64");
        TorchLibrary.Require();
        Assert.That(NativeLibrary.TryLoad("torch_cpu", typeof(torch).Assembly, null, out var library));
        var context = ((delegate* unmanaged<nint>)NativeLibrary.GetExport(library, "_ZN2at13globalContextEv"))();
        Assert.That(On("_ZNK2at7Context17userEnabledNNPACKEv"), Is.False);
        Assert.That(On("_ZNK2at7Context17userEnabledMkldnnEv"), Is.EqualTo(!ConvolutionLibraries.OneDnnIsOff));

        bool On(string name) =>
            (((delegate* unmanaged<nint, byte>)NativeLibrary.GetExport(library, name))(context) & 1) == 1;
    }
}
