namespace Microsoft.ML.PaT.Distributed;

/// <summary>The ABIs of MPI.</summary>
internal enum MpiFamily
{
    /// <summary>Open MPI 4 and 5.</summary>
    OpenMpi,

    /// <summary>MPICH 3 and later, Intel MPI, MVAPICH, Cray MPI.</summary>
    Mpich,
}
