namespace Microsoft.ML.PaT.Tests;

/// <summary>Who this process is, by what launchers set.</summary>
public class LauncherEnvironmentTests
{
    [TestCase("MASTER_ADDR=node1 MASTER_PORT=1234 RANK=3 WORLD_SIZE=8 LOCAL_RANK=1", 1234, 3, 8, 1, TestName = "torchrun")]
    [TestCase("MASTER_ADDR=node1 MASTER_PORT=23456 RANK=1 WORLD_SIZE=2", 23456, 1, 2, 0, TestName = "Kubernetes training operator")]
    [TestCase("MASTER_ADDR=node1 WORLD_SIZE=4 JOB_COMPLETION_INDEX=2", 29500, 2, 4, 0, TestName = "indexed Kubernetes job")]
    [TestCase("MASTER_ADDR=node1 SLURM_PROCID=5 SLURM_NTASKS=16 SLURM_LOCALID=1", 29500, 5, 16, 1, TestName = "Slurm")]
    [TestCase("MASTER_ADDR=node1 OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=4 OMPI_COMM_WORLD_LOCAL_RANK=1", 29500, 1, 4, 1, TestName = "Open MPI")]
    [TestCase("MASTER_ADDR=node1 PMI_RANK=2 PMI_SIZE=4 MPI_LOCALRANKID=0", 29500, 2, 4, 0, TestName = "MPICH and Intel MPI")]
    [TestCase("MASTER_ADDR=node1 RANK=1 SLURM_PROCID=7 WORLD_SIZE=4 SLURM_NTASKS=9", 29500, 1, 4, 0, TestName = "the common names come first")]
    public void Launchers(string variables, int port, int rank, int size, int local)
    {
        var options = LauncherEnvironment.Read(Of(variables))!;
        Assert.That((options.MasterAddress, options.MasterPort, options.Rank, options.WorldSize, options.LocalRank), Is.EqualTo(("node1", port, rank, size, local)));
    }

    [Test]
    public void Without_a_master_there_is_one_process() => Assert.That(LauncherEnvironment.Read(Of("SLURM_PROCID=0 SLURM_NTASKS=4 RANK=1")), Is.Null);

    [TestCase("MASTER_ADDR=a WORLD_SIZE=2", "RANK is not set")]
    [TestCase("MASTER_ADDR=a RANK=1", "WORLD_SIZE is not set")]
    [TestCase("MASTER_ADDR=a RANK=one WORLD_SIZE=2", "RANK is 'one'")]
    public void What_is_missing_or_no_number_is_named(string variables, string message) =>
        Assert.That(() => LauncherEnvironment.Read(Of(variables)), Throws.TypeOf<InvalidOptionsException>().With.Message.Contains(message));

    private static Func<string, string?> Of(string variables)
    {
        var values = variables.Split(' ').Select(v => v.Split('=')).ToDictionary(v => v[0], v => v[1]);
        return name => values.GetValueOrDefault(name);
    }
}
