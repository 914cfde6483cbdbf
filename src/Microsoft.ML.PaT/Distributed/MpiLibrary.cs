using System.Runtime.InteropServices;

namespace Microsoft.ML.PaT.Distributed;

/// <summary>Loads the MPI library that belongs to the launcher of this process.</summary>
internal static partial class MpiLibrary
{
    /// <summary>Environment variable with the name or path of the library to use instead.</summary>
    public const string Variable = "PAT_MPI_LIBRARY";

    // RTLD_NOW | RTLD_GLOBAL: Open MPI loads components at run time that need its symbols.
    private const int NowGlobal = 0x102;

    private static readonly string[] s_openMpi = ["libmpi.so.40", "libmpi.so"];
    private static readonly string[] s_mpich = ["libmpich.so.12", "libmpi.so.12", "libmpi.so"];

    /// <param name="launcher">Null if the process was started alone.</param>
    /// <param name="named">Value of <see cref="Variable"/>; null or empty to search.</param>
    /// <exception cref="DistributedTrainingException">No library was found, or its ABI is unknown.</exception>
    public static (MpiBinding Functions, MpiAbi Abi) Load(Launcher? launcher, string? named)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new DistributedTrainingException(
                ErrorCodes.MpiUnsupported, "Training in several processes needs Linux.");
        }
        // UCX, used by both MPIs, handles SIGSEGV, which .NET turns into NullReferenceException. The variable must
        // be set in C, because .NET keeps its own copy of the environment.
        _ = SetEnv("UCX_ERROR_SIGNALS", "", overwrite: 1);
        var (library, name) = Open(Names(launcher?.Family, named), launcher);
        if (!NativeLibrary.TryGetExport(library, "MPI_Init_thread", out _))
        {
            throw new DistributedTrainingException(
                ErrorCodes.MpiUnsupported,
                $"{name} is not an MPI library: it has no MPI_Init_thread. {Remedy(launcher)}");
        }
        var functions = new MpiBinding(library);
        if (NativeLibrary.TryGetExport(library, "ompi_mpi_comm_world", out _))
            return (functions, MpiAbi.OpenMpi(library));
        var version = functions.Version();
        return
            NativeLibrary.TryGetExport(library, "MPIR_F08_MPI_IN_PLACE", out _)
            || version.Contains("MPICH", StringComparison.OrdinalIgnoreCase)
            || version.Contains("Intel", StringComparison.Ordinal)
            || version.Contains("CRAY", StringComparison.Ordinal)
            ? (functions, MpiAbi.Mpich)
            : throw new DistributedTrainingException(
                ErrorCodes.MpiUnsupported,
                $"{name} ({version}) has an unknown ABI: only Open MPI 4 and 5 and the MPICH ABI are supported. "
                    + $"{Remedy(launcher)}");
    }

    private static IEnumerable<string> Names(MpiFamily? family, string? named) =>
        !string.IsNullOrEmpty(named) ? [named]
        : family switch
        {
            MpiFamily.OpenMpi => s_openMpi,
            MpiFamily.Mpich => s_mpich,
            _ => s_openMpi.Concat(s_mpich).Distinct(),
        };

    private static (nint Library, string Name) Open(IEnumerable<string> names, Launcher? launcher)
    {
        foreach (var name in names)
        {
            if (DlOpen(name, NowGlobal) is var library and not 0) return (library, name);
        }
        throw new DistributedTrainingException(
            ErrorCodes.MpiUnavailable,
            $"There is no MPI library: {string.Join(", ", names)} cannot be loaded. {Remedy(launcher)}");
    }

    private static string Remedy(Launcher? launcher)
    {
        const string openMpi = "openmpi-bin and libopenmpi3 (Open MPI)", mpich = "mpich and libmpich12 (MPICH)";
        var packages = launcher?.Family switch
        {
            MpiFamily.OpenMpi => openMpi,
            MpiFamily.Mpich => mpich,
            _ => $"{openMpi} or {mpich}",
        };
        return $"{(launcher is null ? "" : $"{launcher.Name} started this process. ")}On Debian, install {packages}, "
            + $"or set {Variable} to the path of libmpi.so.";
    }

    /// <summary>Ends the process at once, without the exit handlers of .NET, MPI and libtorch.</summary>
    [LibraryImport("libc.so.6", EntryPoint = "_exit")]
    public static partial void Exit(int code);

    [LibraryImport("libc.so.6", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint DlOpen(string name, int flags);

    [LibraryImport("libc.so.6", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnv(string name, string value, int overwrite);
}
