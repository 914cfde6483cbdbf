namespace Microsoft.ML.PaT.Distributed;

/// <summary>MPI implementations that share an ABI.</summary>
internal enum MpiFamily
{
    /// <summary>Open MPI 4 and 5.</summary>
    OpenMpi,

    /// <summary>MPICH 3 and later, Intel MPI, MVAPICH, Cray MPI.</summary>
    Mpich,
}
