using System.Runtime.InteropServices;
using TorchSharp;

namespace Microsoft.ML.PaT.Internal;

/// <summary>Loads libtorch once per process, before its first use, and reports why it cannot be loaded.</summary>
internal static class TorchLibrary
{
    private const string RequiredLibstdcxx = "GLIBCXX_3.4.32";
    private const string Packages =
        "TorchSharp-cpu 0.107.0 (for a GPU: TorchSharp-cuda-linux or TorchSharp-cuda-windows)";

    private static readonly Version s_oldest = new(0, 107);
    private static readonly Lazy<(string Message, Exception? Cause)?> s_problem = new(Load);

    /// <exception cref="DeviceUnavailableException">libtorch cannot be loaded, or TorchSharp is too
    /// old.</exception>
    public static void Require()
    {
        if (s_problem.Value is var (message, cause))
            throw new DeviceUnavailableException(ErrorCodes.LibtorchUnavailable, message, cause);
    }

    /// <summary>Returns null if the version of TorchSharp's assembly is supported.</summary>
    internal static string? ProblemOf(Version torchSharp) => torchSharp >= s_oldest
        ? null
        : $"The application uses TorchSharp {torchSharp.ToString(3)}, and Microsoft.ML.PaT needs {s_oldest} or later. "
            + $"Reference the package {Packages} in the application's project.";

    /// <summary>Explains the loader's message.</summary>
    internal static string ProblemOf(string loader) =>
        loader.Contains("GLIBCXX_", StringComparison.Ordinal)
            ? $"TorchSharp's native library needs version {RequiredLibstdcxx} of libstdc++ (GCC 13), and this "
                + "system's is older. Let the package Microsoft.ML.PaT adapt the library when the application is "
                + "built (MSBuild property PaTWeakenLibstdcxx: 'true', or 'auto' to build on such a system), or use "
                + "a newer distribution (Debian 13, Ubuntu 24.04)."
            : $"libtorch cannot be loaded. Reference the package {Packages} in the application's project, in the "
                + $"version of the package TorchSharp, and publish for this system. The reason given: {loader}";

    private static (string, Exception?)? Load()
    {
        var torchSharp = typeof(torch).Assembly;
        if (ProblemOf(torchSharp.GetName().Version!) is { } old) return (old, null);
        try
        {
            // TorchSharp loads the same library, but hides the loader's reason, prints a trace and copies libtorch.
            NativeLibrary.TryLoad("torch_cpu", torchSharp, null, out _);
            NativeLibrary.Load("LibTorchSharp", torchSharp, null);
        }
        catch (Exception e) when (e.Message.Contains("GLIBCXX_", StringComparison.Ordinal))
        {
            return (ProblemOf(e.Message), e);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            // In notebooks, TorchSharp finds the library among the packages.
        }
        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);
            return ConvolutionLibraries.Choose() is { } wrong ? (wrong, null) : null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            var cause = e is TypeInitializationException { InnerException: { } inner } ? inner : e;
            return (ProblemOf(cause.Message.Trim().Split('\n', 2)[0].TrimEnd()), e);
        }
    }
}
