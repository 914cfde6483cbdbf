using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

/// <summary>What this assembly does as a program: a tiny run with checkpoints, for tests that kill it; a rank under MPI;
/// or what needs libtorch, for tests that take it away.</summary>
internal static class ChildProgram
{
    /// <summary>The run: a checkpoint after every step, to go on from.</summary>
    public static PruningAwareTrainingOptions Options(string folder, bool everything = false) =>
        (everything ? TinyRun.Everything : TinyRun.Options) with { Checkpoints = new() { Folder = folder, Interval = TimeSpan.FromMilliseconds(1), Resume = true } };

    /// <summary>Says <c>go</c>, runs, and says what the weights are.</summary>
    /// <param name="arguments">The folder for checkpoints, and whether the run keeps all that a run can keep; or <c>mpi</c> and what a rank does; or <c>kernels</c>.</param>
    /// <returns>The exit code.</returns>
    public static int Main(string[] arguments)
    {
        if (arguments[0] == "mpi") return MpiProgram.Main(arguments);
        if (arguments[0] == "libtorch") return LibtorchProcess.Main();
        if (arguments[0] == "kernels") return KernelProcess.Main();
        torch.zeros(1).Dispose(); // libtorch is loaded before the clock of the test starts
        Console.WriteLine("go");
        using var run = new TinyRun(Options(arguments[0], bool.Parse(arguments[1])));
        Console.WriteLine(run.Weights);
        return 0;
    }
}
