using System.Globalization;

namespace Microsoft.ML.PaT;

/// <summary>What launchers tell the processes that they start, by the names that each of them uses.</summary>
internal static class LauncherEnvironment
{
    /// <summary>Where torchrun says that its own agent keeps the store, so that rank 0 does not.</summary>
    public const string AgentStore = "TORCHELASTIC_USE_AGENT_STORE";

    /// <summary>How often the group was restarted: its keys in the store are new ones each time.</summary>
    public const string Attempt = "TORCHELASTIC_RESTART_COUNT";

    private static readonly string[] s_rank = ["RANK", "SLURM_PROCID", "OMPI_COMM_WORLD_RANK", "PMI_RANK", "JOB_COMPLETION_INDEX"];
    private static readonly string[] s_worldSize = ["WORLD_SIZE", "SLURM_NTASKS", "OMPI_COMM_WORLD_SIZE", "PMI_SIZE"];
    private static readonly string[] s_localRank = ["LOCAL_RANK", "SLURM_LOCALID", "OMPI_COMM_WORLD_LOCAL_RANK", "MPI_LOCALRANKID"];

    /// <summary>Reads the variables.</summary>
    /// <param name="variable">The value of a variable; null where it is not set.</param>
    /// <exception cref="InvalidOptionsException">One is missing or no number.</exception>
    public static DistributedOptions? Read(Func<string, string?> variable)
    {
        if (variable("MASTER_ADDR") is not { Length: > 0 } master) return null;
        return new()
        {
            MasterAddress = master,
            MasterPort = Number(29500, "MASTER_PORT"),
            Rank = Number(null, s_rank),
            WorldSize = Number(null, s_worldSize),
            LocalRank = Number(0, s_localRank),
        };

        int Number(int? otherwise, params string[] names)
        {
            if (names.FirstOrDefault(n => variable(n) is { Length: > 0 }) is not { } name)
                return otherwise ?? throw new InvalidOptionsException($"MASTER_ADDR is {master}, so this is one process of several, but {names[0]} is not set. Set MASTER_ADDR, MASTER_PORT, RANK, WORLD_SIZE and LOCAL_RANK, or none of them (docs/scale.md).");
            return int.TryParse(variable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new InvalidOptionsException($"The environment's {name} is '{variable(name)}'; it must be a whole number.");
        }
    }
}
