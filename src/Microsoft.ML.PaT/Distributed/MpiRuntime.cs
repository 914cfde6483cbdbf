namespace Microsoft.ML.PaT.Distributed;

internal sealed unsafe class MpiRuntime
{
    private const int Serialized = 2;

    private MpiRuntime(MpiBinding functions, MpiAbi abi)
    {
        (Functions, Abi, Version) = (functions, abi, functions.Version());
        int started, level, rank, size;
        Check(Functions.Initialized(&started), "MPI_Initialized");
        if (started == 0) Check(Functions.InitThread(0, 0, Serialized, &level), "MPI_Init_thread");
        else Check(Functions.QueryThread(&level), "MPI_Query_thread");
        if (level < Serialized)
        {
            throw new DistributedTrainingException(
                ErrorCodes.MpiUnsupported,
                $"{Version} provides thread level {level}; training needs MPI_THREAD_SERIALIZED ({Serialized}). Use "
                    + "an MPI library that was built with threads.");
        }
        Check(Functions.CommRank(abi.World, &rank), "MPI_Comm_rank");
        Check(Functions.CommSize(abi.World, &size), "MPI_Comm_size");
        (Rank, Size) = (rank, size);
        nint machine;
        Check(Functions.CommSplitType(abi.World, abi.Shared, rank, abi.NoInfo, &machine), "MPI_Comm_split_type");
        Check(Functions.CommRank(machine, &rank), "MPI_Comm_rank");
        Check(Functions.CommSize(machine, &size), "MPI_Comm_size");
        (LocalRank, LocalSize) = (rank, size);
        Check(Functions.CommFree(&machine), "MPI_Comm_free");
    }

    public MpiBinding Functions { get; }

    public MpiAbi Abi { get; }

    public string Version { get; }

    public int Rank { get; }

    public int Size { get; }

    public int LocalRank { get; }

    public int LocalSize { get; }

    /// <summary>Loads and initializes MPI.</summary>
    /// <param name="timeout">Limit for MPI_Init, which waits for all ranks; the process ends if it takes
    /// longer.</param>
    /// <exception cref="DistributedTrainingException">The MPI library is missing or does not belong to the launcher, or
    /// this process was started alone.</exception>
    public static MpiRuntime Start(TimeSpan timeout)
    {
        var launcher = Launcher.Find(Environment.GetEnvironmentVariable);
        var (functions, abi) = MpiLibrary.Load(launcher, Environment.GetEnvironmentVariable(MpiLibrary.Variable));
        using var limit = new Timer(_ => End(timeout), null, timeout, Timeout.InfiniteTimeSpan);
        var runtime = new MpiRuntime(functions, abi);
        if (runtime.Size > 1) return runtime;
        _ = functions.Finalize();
        const string start =
            "Start it with mpirun -n N, N at least 2, or leave out --distributed (in code, Distributed).";
        throw new DistributedTrainingException(
            ErrorCodes.MpiLauncherMismatch,
            launcher is null
                    ? $"Training in several processes was requested, but this process was started alone. {start}"
                : launcher.Size == 1
                    ? $"Training in several processes was requested, but {launcher.Name} started one process. {start}"
                : $"{launcher.Name} started this process as one of {launcher.Size?.ToString() ?? "several"}, and "
                    + $"{runtime.Version} finds only this one: launcher and "
                    + $"library belong to different MPIs. Use the library's own mpirun, or set {MpiLibrary.Variable} "
                    + "to the library of the launcher.");
    }

    /// <summary>Returns a communicator with all ranks that returns errors instead of aborting.</summary>
    public nint Duplicate()
    {
        nint all;
        Check(Functions.CommDup(Abi.World, &all), "MPI_Comm_dup");
        Check(Functions.CommSetErrhandler(all, Abi.ErrorsReturn), "MPI_Comm_set_errhandler");
        return all;
    }

    private void Check(int code, string function) => Functions.Check(code, function);

    private static void End(TimeSpan timeout)
    {
        Console.Error.WriteLine(
            $"MPI_Init has not returned within {timeout.TotalSeconds} s on {Environment.MachineName}, process "
                + $"{Environment.ProcessId}: a rank did not start or cannot be reached.");
        MpiLibrary.Exit(1); // an exit handler of MPI would wait for MPI_Init
    }
}
