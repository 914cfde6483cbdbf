using System.Runtime.InteropServices;

namespace Microsoft.ML.PaT.Distributed;

/// <summary>
/// Handles and constants of one MPI ABI. A handle is a pointer in Open MPI and a 32-bit integer in MPICH; both are
/// passed as nint.
/// </summary>
internal sealed record MpiAbi
{
    public required nint World { get; init; }

    public required nint Byte { get; init; }

    public required nint Float { get; init; }

    public required nint Double { get; init; }

    public required nint Long { get; init; }

    public required nint Sum { get; init; }

    public required nint Min { get; init; }

    public required nint Max { get; init; }

    public required nint ErrorsReturn { get; init; }

    public required nint NoInfo { get; init; }

    public required nint InPlace { get; init; }

    public required nint StatusIgnore { get; init; }

    public required int AnySource { get; init; }

    /// <summary>MPI_COMM_TYPE_SHARED: ranks on the same machine.</summary>
    public required int Shared { get; init; }

    /// <summary>Values of MPICH's mpi.h, common to MPICH 3 and later, Intel MPI, MVAPICH and Cray MPI.</summary>
    public static MpiAbi Mpich { get; } = new()
    {
        World = 0x44000000,
        Byte = 0x4c00010d,
        Float = 0x4c00040a,
        Double = 0x4c00080b,
        Long = 0x4c000809,
        Max = 0x58000001,
        Min = 0x58000002,
        Sum = 0x58000003,
        ErrorsReturn = 0x54000001,
        NoInfo = 0x1c000000,
        InPlace = -1,
        StatusIgnore = 1,
        AnySource = -2,
        Shared = 1,
    };

    /// <summary>Addresses of the predefined objects of Open MPI 4 and 5.</summary>
    public static MpiAbi OpenMpi(nint library)
    {
        return new()
        {
            World = Address("comm_world"),
            Byte = Address("byte"),
            Float = Address("float"),
            Double = Address("double"),
            Long = Address("long_long_int"),
            Max = Address("op_max"),
            Min = Address("op_min"),
            Sum = Address("op_sum"),
            ErrorsReturn = Address("errors_return"),
            NoInfo = Address("info_null"),
            InPlace = 1,
            StatusIgnore = 0,
            AnySource = -1,
            Shared = 0,
        };

        nint Address(string name) => NativeLibrary.GetExport(library, $"ompi_mpi_{name}");
    }

    public nint TypeOf<T>() where T : unmanaged =>
        typeof(T) == typeof(float) ? Float
        : typeof(T) == typeof(double) ? Double
        : typeof(T) == typeof(long) ? Long
        : throw new NotSupportedException($"There is no all-reduce of {typeof(T).Name}.");

    public nint OperationOf(Reduction reduction) => reduction switch
    {
        Reduction.Sum => Sum,
        Reduction.Min => Min,
        _ => Max,
    };
}
