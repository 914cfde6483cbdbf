using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.ML.PaT.Distributed;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Processes under Open MPI's and MPICH's launchers.</summary>
public class MpiTests
{
    private const double Timeout = 4;

    [Test]
    public void Operations_are_correct([Values("openmpi", "mpich")] string mpi, [Values(2, 4)] int size)
    {
        var (code, output, error, _) = Run(mpi, size, "operations");
        Assert.That(code, Is.Zero, error);
        Assert.That(Lines(output), Is.EquivalentTo(Enumerable.Range(0, size).Select(r => $"ok {r}")));
    }

    [Test]
    public void A_synchronized_batch_norm_is_that_of_the_whole_batch(
        [Values("openmpi", "mpich")] string mpi, [Values(2, 4)] int size)
    {
        var (code, output, error, _) = Run(mpi, size, "norm");
        Assert.That(code, Is.Zero, output + error);
        Assert.That(Lines(output), Is.EquivalentTo(Enumerable.Range(0, size).Select(r => $"ok {r}")));
    }

    [Test]
    public void Signals_and_null_references_still_reach_dotnet([Values("openmpi", "mpich")] string mpi)
    {
        var (code, output, error, _) = Run(mpi, 2, "signals");
        Assert.That(code, Is.Zero, error);
        Assert.That(Lines(output), Is.EquivalentTo(new[] { "ok 0", "ok 1" }));
    }

    [TestCase("openmpi", 1)]
    [TestCase("mpich", 0)]
    [TestCase("openmpi", 0, Category = "Long")]
    [TestCase("mpich", 1, Category = "Long")]
    public void A_rank_that_hangs_is_named_within_the_timeout(string mpi, int hanging)
    {
        var (code, output, error, took) = Run(mpi, 3, "hang", $"{hanging}");
        Assert.That(code, Is.Not.Zero);
        Assert.That(
            error + output,
            Does.Contain($"Rank {hanging} ({Environment.MachineName}, process").And.Contain("epoch 3, step 17"));
        Assert.That(took.TotalSeconds, Is.LessThan(Timeout + 15), "start and end included");
    }

    [TestCase("openmpi", "process rank 1 ")]
    [TestCase("mpich", "KILLED BY SIGNAL|Killed \\(signal 9\\)")]
    public void A_rank_that_is_lost_ends_all(string mpi, string named)
    {
        var (code, output, error, took) = Run(mpi, 3, "kill", "1");
        Assert.That(code, Is.Not.Zero);
        Assert.That(error + output, Does.Match(named));
        Assert.That(took.TotalSeconds, Is.LessThan(Timeout + 15));
    }

    [Test]
    public void A_rank_that_ends_alone_ends_all([Values("openmpi", "mpich")] string mpi)
    {
        var (code, output, error, _) = Run(mpi, 2, "leave", "1");
        Assert.That(code, Is.Not.Zero);
        Assert.That(error + output, Does.Contain("Rank 1 ("));
    }

    [Test]
    public void A_rank_that_fails_when_the_others_have_ended_does_not_wait_for_them(
        [Values("openmpi", "mpich")] string mpi)
    {
        using var run = new MpiRun(mpi, 2, [], "mpi", "fail", "90", "0");
        var (code, output, error, took) = run.End();
        Assert.That(code, Is.EqualTo(3), output + error);
        Assert.That(output + error, Does.Not.Contain("cannot be written"), "the caller reports it");
        Assert.That(took.TotalSeconds, Is.LessThan(45), "less than the timeout");
    }

    [Test]
    public void One_process_under_a_launcher_is_refused([Values("openmpi", "mpich")] string mpi)
    {
        var (code, output, _, _) = Run(mpi, 1, "operations");
        Assert.That(code, Is.EqualTo(1));
        Assert.That(output, Does.Contain("mpirun started one process").And.Contain("at least 2"));
    }

    [Test]
    public void A_process_without_a_launcher_is_refused([Values("libmpi.so.40", "libmpich.so.12")] string library)
    {
        var start = new ProcessStartInfo(
            ChildProgram.Host, ["exec", typeof(MpiTests).Assembly.Location, "mpi", "operations", $"{Timeout}"])
        {
            RedirectStandardOutput = true,
            Environment =
            {
                [MpiLibrary.Variable] = library,
            },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (output.Contains("cannot be loaded", StringComparison.Ordinal))
            Assert.Ignore($"{library} is not installed here");
        Assert.That(process.ExitCode, Is.EqualTo(1));
        Assert.That(
            Lines(output),
            Has.Exactly(1).Items.And.All.Contains("this process was started alone. Start it with mpirun"));
    }

    [Test]
    public void A_missing_library_is_one_message_on_every_rank([Values("openmpi", "mpich")] string mpi)
    {
        var (code, output, _, took) = Run(mpi, 2, (MpiLibrary.Variable, "libnone.so"), "operations");
        Assert.That(code, Is.Not.Zero);
        // Some launchers end the others when the first one ends.
        Assert.That(Lines(output), Is.Not.Empty.And.All.Contains("There is no MPI library"));
        Assert.That(took.TotalSeconds, Is.LessThan(Timeout + 15));
    }

    [TestCase("openmpi", "libmpich.so.12")]
    [TestCase("mpich", "libmpi.so.40")]
    public void A_library_of_another_MPI_than_the_launcher_is_refused_on_every_rank(string mpi, string library)
    {
        var (code, output, _, _) = Run(mpi, 2, (MpiLibrary.Variable, library), "operations");
        if (output.Contains("cannot be loaded", StringComparison.Ordinal))
            Assert.Ignore($"{library} is not installed here");
        Assert.That(code, Is.Not.Zero);
        // Some launchers end the others when the first one ends.
        Assert.That(Lines(output), Is.Not.Empty.And.All.Contains("different MPIs"));
    }

    [Test]
    public void Another_version_of_the_library_is_named_on_every_rank([Values("openmpi", "mpich")] string mpi)
    {
        using var folder = new TemporaryFolder();
        var (program, version) = OtherVersion.In(folder);
        using var run = new MpiRun(mpi, 3, machines: null, program, [], "mpi", "operations", $"{Timeout}");
        var (code, output, error, took) = run.End();
        Assert.That(code, Is.Not.Zero);
        var named = new Regex(Regex.Escape($"the library's version is {version} on rank 2 and "));
        Assert.That(named.Count(output), Is.EqualTo(3), output + error);
        Assert.That(took.TotalSeconds, Is.LessThan(Timeout + 15));
    }

    [TestCase("libnone.so", "There is no MPI library")]
    [TestCase("libc.so.6", "is not an MPI library")]
    public void No_library_is_one_message_that_says_what_to_install(string library, string message)
    {
        var launcher = Launcher.Find(name => name == "OMPI_COMM_WORLD_SIZE" ? "2" : null);
        Assert.That(() => MpiLibrary.Load(launcher, library), Throws.TypeOf<DistributedTrainingException>()
            .With.Message.Contains(message).And.Message.Contains("libopenmpi3").And.Message.Not.Contains("libmpich12"));
        Assert.That(
            () => MpiLibrary.Load(null, library),
            Throws.TypeOf<DistributedTrainingException>().With.Message.Contains("libmpich12"));
    }

    [TestCase("OMPI_COMM_WORLD_SIZE=4", "Open MPI", 4)]
    [TestCase("PMI_SIZE=3 MPI_LOCALNRANKS=3 PMI_RANK=0", "MPICH", 3)]
    [TestCase("PMI_SIZE=8 PMI_RANK=7", "job", 8)]
    [TestCase("PMIX_RANK=1", "job", null)]
    [TestCase("PMIX_RANK=0 SLURM_STEP_NUM_TASKS=2", "job", 2)]
    [TestCase("SLURM_NTASKS=8", null, null)]
    public void Launchers_are_found_by_their_variables(string variables, string? name, int? size)
    {
        var set = variables.Split(' ').Select(v => v.Split('=')).ToDictionary(v => v[0], v => v[1]);
        var launcher = Launcher.Find(set.GetValueOrDefault);
        Assert.That(launcher?.Size, Is.EqualTo(size));
        Assert.That(launcher?.Name, name is null ? Is.Null : Does.Contain(name));
    }

    [TestCase("Open MPI v4.1.4", false, "", true)]
    [TestCase("Open MPI v4.1.4", false, "OMPI_MCA_oob_tcp_keepalive_time", false)]
    [TestCase("Open MPI v4.1.4", true, "", false)]
    [TestCase("MPICH Version: 4.0.2", false, "", false)]
    public void A_setting_of_Open_MPI_across_machines_is_advised_if_it_is_missing(
        string library, bool isOneMachine, string variable, bool isAdvised) =>
        Assert.That(
            Launcher.Advice(library, isOneMachine, name => name == variable ? "15" : null),
            isAdvised ? Does.Contain("OMPI_MCA_oob_tcp_keepalive_time=15") : Is.Null);

    [Test]
    public void In_a_single_process_every_collective_is_the_identity()
    {
        Communicator alone = SingleProcess.Instance;
        var values = new[] { 1.5f, -2 };
        alone.AllReduce(values.AsSpan(), Reduction.Sum);
        Assert.That(values, Is.EqualTo(new[] { 1.5f, -2 }));
        Assert.That(alone.AllReduce(7L, Reduction.Max), Is.EqualTo(7));
        Assert.That(alone.Broadcast(new byte[] { 1, 2 }), Is.EqualTo(new byte[] { 1, 2 }));
        Assert.That(alone.AllGather("own"), Is.EqualTo(new[] { "own" }));
        Assert.That((alone.Rank, alone.Size, alone.LocalRank, alone.LocalSize), Is.EqualTo((0, 1, 0, 1)));
    }

    private static (int Code, string Output, string Error, TimeSpan Took) Run(
        string mpi, int size, params string[] work) =>
        Run(mpi, size, default, work);

    private static (int Code, string Output, string Error, TimeSpan Took) Run(
        string mpi, int size, (string, string) variable, params string[] work)
    {
        using var run = new MpiRun(
            mpi,
            size,
            variable == default ? [] : [variable],
            ["mpi", work[0], $"{(work[0] is "operations" or "norm" ? 60 : Timeout)}", .. work[1..]]);
        return run.End();
    }

    private static string[] Lines(string output) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
