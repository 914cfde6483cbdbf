using System.Globalization;

namespace Microsoft.ML.PaT.Distributed;

/// <summary>The launcher of this process, derived from environment variables before MPI is initialized.</summary>
/// <param name="Family">MPI implementation of the launcher; null if it starts programs of any implementation.</param>
/// <param name="Size">Number of processes; null if the variables do not give it.</param>
internal sealed record Launcher(string Name, MpiFamily? Family, int? Size)
{
    /// <param name="variable">Reads an environment variable.</param>
    /// <returns>Null if the process was started alone.</returns>
    public static Launcher? Find(Func<string, string?> variable)
    {
        if (variable("OMPI_COMM_WORLD_SIZE") is { } all)
            return new("Open MPI's mpirun", MpiFamily.OpenMpi, Number(all));
        var size = Number(variable("PMI_SIZE") ?? variable("SLURM_STEP_NUM_TASKS"));
        if (variable("MPI_LOCALNRANKS") is not null) return new("MPICH's mpirun", MpiFamily.Mpich, size);
        return variable("PMI_RANK") is not null || variable("PMIX_RANK") is not null
            ? new("the job's launcher", null, size)
            : null;
    }

    /// <summary>Advice on settings of the launcher; null for none.</summary>
    /// <param name="library">Name and version of the MPI library.</param>
    /// <param name="isOneMachine">Whether all ranks are on one machine.</param>
    /// <param name="variable">Reads an environment variable; mpirun passes its settings on as such.</param>
    public static string? Advice(string library, bool isOneMachine, Func<string, string?> variable)
    {
        const string setting = "OMPI_MCA_oob_tcp_keepalive_";
        return isOneMachine || !library.StartsWith("Open MPI v4", StringComparison.Ordinal)
            || variable($"{setting}time") is not null
            ? null
            : "If the connection to a machine is cut, the ranks end, but Open MPI's mpirun hangs. To end it too, set "
                + $"{setting}time=15, {setting}intvl=5 and {setting}probes=3 before mpirun.";
    }

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
