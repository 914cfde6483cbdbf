using System.Runtime.InteropServices;
using System.Text;

namespace Microsoft.ML.PaT.Distributed;

/// <summary>
/// Functions of an MPI library. Arguments follow the C declarations; every function returns 0 or an error code.
/// </summary>
internal sealed unsafe class MpiBinding(nint library)
{
    private const int LongestText = 8192;

    private readonly delegate* unmanaged<byte*, int*, int> _libraryVersion =
        (delegate* unmanaged<byte*, int*, int>)At(library, "Get_library_version");
    private readonly delegate* unmanaged<int, byte*, int*, int> _errorString =
        (delegate* unmanaged<int, byte*, int*, int>)At(library, "Error_string");

    public readonly delegate* unmanaged<int*, int> Initialized =
        (delegate* unmanaged<int*, int>)At(library, "Initialized");
    public readonly delegate* unmanaged<nint, nint, int, int*, int> InitThread =
        (delegate* unmanaged<nint, nint, int, int*, int>)At(library, "Init_thread");
    public readonly delegate* unmanaged<int*, int> QueryThread =
        (delegate* unmanaged<int*, int>)At(library, "Query_thread");
    public readonly delegate* unmanaged<int> Finalize = (delegate* unmanaged<int>)At(library, "Finalize");
    public readonly delegate* unmanaged<nint, int, int> Abort =
        (delegate* unmanaged<nint, int, int>)At(library, "Abort");

    public readonly delegate* unmanaged<nint, nint*, int> CommDup =
        (delegate* unmanaged<nint, nint*, int>)At(library, "Comm_dup");
    public readonly delegate* unmanaged<nint*, int> CommFree =
        (delegate* unmanaged<nint*, int>)At(library, "Comm_free");
    public readonly delegate* unmanaged<nint, int*, int> CommRank =
        (delegate* unmanaged<nint, int*, int>)At(library, "Comm_rank");
    public readonly delegate* unmanaged<nint, int*, int> CommSize =
        (delegate* unmanaged<nint, int*, int>)At(library, "Comm_size");
    public readonly delegate* unmanaged<nint, nint, int> CommSetErrhandler =
        (delegate* unmanaged<nint, nint, int>)At(library, "Comm_set_errhandler");

    /// <summary>Communicator, split type, key, info, new communicator.</summary>
    public readonly delegate* unmanaged<nint, int, int, nint, nint*, int> CommSplitType =
        (delegate* unmanaged<nint, int, int, nint, nint*, int>)At(library, "Comm_split_type");

    /// <summary>Request, flag, status.</summary>
    public readonly delegate* unmanaged<nint*, int*, nint, int> Test =
        (delegate* unmanaged<nint*, int*, nint, int>)At(library, "Test");

    /// <summary>Sent, received, count, type, operation, communicator, request.</summary>
    public readonly delegate* unmanaged<nint, nint, int, nint, nint, nint, nint*, int> Iallreduce =
        (delegate* unmanaged<nint, nint, int, nint, nint, nint, nint*, int>)At(library, "Iallreduce");

    /// <summary>Buffer, count, type, root, communicator, request.</summary>
    public readonly delegate* unmanaged<nint, int, nint, int, nint, nint*, int> Ibcast =
        (delegate* unmanaged<nint, int, nint, int, nint, nint*, int>)At(library, "Ibcast");

    /// <summary>Sent, count, type, received, counts, offsets, type, communicator, request.</summary>
    public readonly delegate* unmanaged<nint, int, nint, nint, int*, int*, nint, nint, nint*, int> Iallgatherv =
        (delegate* unmanaged<nint, int, nint, nint, int*, int*, nint, nint, nint*, int>)At(library, "Iallgatherv");

    public readonly delegate* unmanaged<nint, nint*, int> Ibarrier =
        (delegate* unmanaged<nint, nint*, int>)At(library, "Ibarrier");

    /// <summary>Buffer, count, type, destination, tag, communicator, request.</summary>
    public readonly delegate* unmanaged<nint, int, nint, int, int, nint, nint*, int> Isend =
        (delegate* unmanaged<nint, int, nint, int, int, nint, nint*, int>)At(library, "Isend");

    /// <summary>Source, tag, communicator, flag, status.</summary>
    public readonly delegate* unmanaged<int, int, nint, int*, nint, int> Iprobe =
        (delegate* unmanaged<int, int, nint, int*, nint, int>)At(library, "Iprobe");

    /// <summary>Buffer, count, type, source, tag, communicator, status.</summary>
    public readonly delegate* unmanaged<nint, int, nint, int, int, nint, nint, int> Recv =
        (delegate* unmanaged<nint, int, nint, int, int, nint, nint, int>)At(library, "Recv");

    public string Version()
    {
        var text = stackalloc byte[LongestText];
        int length;
        Check(_libraryVersion(text, &length), "MPI_Get_library_version");
        var first = Encoding.UTF8.GetString(text, length).Split('\n', '\0', ',')[0];
        return string.Join(' ', first.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    /// <exception cref="DistributedTrainingException">The code is not 0.</exception>
    public void Check(int code, string function)
    {
        if (code == 0) return;
        var text = stackalloc byte[LongestText];
        int length;
        _ = _errorString(code, text, &length);
        throw new DistributedTrainingException(
            ErrorCodes.RankLost,
            $"{function} failed: {Encoding.UTF8.GetString(text, length).ReplaceLineEndings(" ")} A rank is lost or a "
                + "connection is cut. Start all ranks again; with checkpoints the run resumes (--resume).");
    }

    private static nint At(nint library, string name) => NativeLibrary.GetExport(library, $"MPI_{name}");
}
