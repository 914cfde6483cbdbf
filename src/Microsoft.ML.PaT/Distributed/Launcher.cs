using System.Globalization;

namespace Microsoft.ML.PaT.Distributed;

/// <summary>What started this process as one of several, as its environment variables tell before MPI is initialized.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Family">The MPI it belongs to; null when it starts programs of any MPI.</param>
/// <param name="Size">Processes in total; null when the variables do not tell.</param>
internal sealed record Launcher(string Name, MpiFamily? Family, int? Size)
{
    /// <summary>Finds the launcher.</summary>
    /// <param name="variable">Reads an environment variable.</param>
    /// <returns>The launcher; null for a process that was started alone.</returns>
    public static Launcher? Find(Func<string, string?> variable)
    {
        if (variable("OMPI_COMM_WORLD_SIZE") is { } all) return new("Open MPI's mpirun", MpiFamily.OpenMpi, Number(all));
        var size = Number(variable("PMI_SIZE") ?? variable("SLURM_STEP_NUM_TASKS"));
        if (variable("MPI_LOCALNRANKS") is not null) return new("MPICH's mpirun", MpiFamily.Mpich, size);
        return variable("PMI_RANK") is not null || variable("PMIX_RANK") is not null ? new("the job's launcher", null, size) : null;
    }

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
