using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using TorchSharp;

namespace Microsoft.ML.PaT;

/// <summary>
/// The library's own native part: what libtorch can do and TorchSharp does not expose, on TorchSharp's tensors. It is optional, and works only
/// with the libtorch that TorchSharp has loaded: two of them in one process would not know each other's tensors.
/// </summary>
internal static partial class PatNative
{
    private const string File = $"lib{NativeMethods.Library}.so", Torch = "libtorch_cpu.so";

    /// <summary>RTLD_LAZY | RTLD_NOLOAD.</summary>
    private const int OnlyIfLoaded = 0x1 | 0x4;

    private static readonly Lazy<string?> s_problem = new(Load);

    /// <summary>Whether the native part is there and fits; never throws.</summary>
    public static bool IsAvailable => s_problem.Value is null;

    /// <summary>Sees to it that the native part is loaded.</summary>
    /// <param name="what">What needs it, to begin the message with.</param>
    /// <exception cref="NativeLibraryMissingException">It is absent, or does not fit the libtorch in use.</exception>
    public static void Require(string what)
    {
        if (s_problem.Value is { } problem) throw new NativeLibraryMissingException($"{what} needs {File}. {problem}");
    }

    /// <summary>Turns a failed call into an exception with the native side's words.</summary>
    /// <param name="status">What the call returned.</param>
    /// <exception cref="ExternalException">The call failed.</exception>
    public static unsafe void Check(int status)
    {
        if (status != 0) throw new ExternalException(Text(NativeMethods.pat_last_error()));
    }

    private static unsafe string Text(byte* utf8) => Marshal.PtrToStringUTF8((IntPtr)utf8) ?? "";

    /// <summary>Loads the library.</summary>
    /// <returns>What stands in the way, as sentences; null for nothing.</returns>
    private static unsafe string? Load()
    {
        const string build = "Build this library from its sources on this machine, where libtorch's headers are (Debian: libtorch-dev and libgloo-dev; or PAT_TORCH_DIR=.../site-packages/torch), and put the file beside the program.";
        if (!OperatingSystem.IsLinux()) return "It exists for Linux only.";
        using (torch.empty(0)) { } // TorchSharp loads its libtorch with the first call
        var file = new[] { Path.GetDirectoryName(typeof(PatNative).Assembly.Location), AppContext.BaseDirectory }
            .Where(folder => !string.IsNullOrEmpty(folder)).Select(folder => Path.Combine(folder!, File)).FirstOrDefault(System.IO.File.Exists);
        if (file is null) return $"It is not beside the program ({AppContext.BaseDirectory}). {build}";
        if (!WantsLoadedTorch(file)) return $"The one in {file} was built against another libtorch than the one in use. {build}";
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(PatNative).Assembly, (name, _, _) => name == NativeMethods.Library ? NativeLibrary.Load(file) : IntPtr.Zero);
            var (built, used) = (Text(NativeMethods.pat_built_against()), VersionOf(Text(NativeMethods.pat_configuration())));
            // Builds that do not name their version (some distributions) are left to the loader, which binds every symbol at load.
            return used is null || MajorMinor(used) == MajorMinor(built) ? null : $"The one in {file} was built against libtorch {built}, and libtorch {used} is in use. {build}";
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
        {
            return $"The one in {file} cannot be loaded: the libtorch in use is of another version or C++ ABI than the one it was built against. {build} ({e.Message.ReplaceLineEndings(" ")})";
        }
    }

    /// <summary>Whether the libtorch that a library asks the loader for, by name, is the one that is loaded. Were it another, a second one would come along.</summary>
    private static bool WantsLoadedTorch(string file)
    {
        var bytes = System.IO.File.ReadAllBytes(file).AsSpan();
        if (bytes.IndexOf(Encoding.ASCII.GetBytes(Torch)) is not (>= 0 and var at)) return false;
        var name = bytes[at..];
        return Open(Encoding.ASCII.GetString(name[..name.IndexOf((byte)0)]), OnlyIfLoaded) != IntPtr.Zero;
    }

    private static string? VersionOf(string configuration) => Version().Match(configuration) is { Success: true } match ? match.Groups[1].Value : null;

    private static string MajorMinor(string version) => string.Join('.', version.Split('.').Take(2));

    [LibraryImport("libdl.so.2", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial IntPtr Open(string file, int flags);

    [GeneratedRegex(@"TORCH_VERSION=([0-9][0-9.]*)")]
    private static partial Regex Version();
}
