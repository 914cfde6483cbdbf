using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.Versioning;

namespace Microsoft.ML.PaT.Tests;

/// <summary>
/// Two network namespaces that a virtual cable connects: two machines for MPI, which then uses TCP only. The first one
/// has all ranks but the last.
/// </summary>
internal sealed class TwoMachines : IDisposable
{
    private const string First = "10.99.0.1", Second = "10.99.0.2", Device = "cable";
    private static int s_made;

    private readonly TemporaryFolder _folder = new();
    private readonly string _first = $"pat{Environment.ProcessId}-{Interlocked.Increment(ref s_made)}";
    private readonly string _second;

    [SupportedOSPlatform("linux")]
    private TwoMachines()
    {
        _second = $"{_first}b";
        Agent = Path.Combine(_folder.Name, "agent");
        File.WriteAllText(Agent, $$"""
            #!/bin/bash
            while [[ $1 == -* ]]; do shift; done
            case $1 in {{First}}) name={{_first}} ;; *) name={{_second}} ;; esac
            shift
            exec ip netns exec "$name" unshare --uts bash -c 'hostname "$0"; exec bash -c "$1"' "$name" "$*"
            """);
        File.SetUnixFileMode(Agent, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    /// <summary>
    /// Settings without which Open MPI's mpirun waits for the other machine behind a cut connection. They are short
    /// because tests have short timeouts.
    /// </summary>
    public IReadOnlyList<(string Name, string Value)> KeepAlive { get; set; } =
        [("oob_tcp_keepalive_time", "1"), ("oob_tcp_keepalive_intvl", "1"), ("oob_tcp_keepalive_probes", "2")];

    /// <summary>Starts a command on a machine, as ssh does.</summary>
    private string Agent { get; }

    /// <summary>Returns null where network namespaces are not allowed or there is no <c>ip</c> command.</summary>
    public static TwoMachines? Create()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess) return null;
        var machines = new TwoMachines();
        if (machines.Connect()) return machines;
        machines.Dispose();
        return null;
    }

    /// <summary>Same as <see cref="Create"/>. Skips the test if the result is null.</summary>
    public static TwoMachines Require()
    {
        var machines = Create();
        if (machines is null)
            Assert.Ignore("needs network namespaces: root, and the ip command (Debian: iproute2)");
        return machines!;
    }

    /// <summary>Command line that starts an MPI program on both machines, up to its path.</summary>
    /// <param name="mpi">openmpi or mpich.</param>
    /// <param name="size">Number of processes, at least 2.</param>
    public IEnumerable<string> Launcher(string mpi, int size)
    {
        var hosts = $"{First}:{size - 1},{Second}:1";
        return
        [
            Agent, First, "exec", "env",
            .. mpi == "openmpi"
                ? (string[])
                [
                    "mpirun.openmpi", "--mca", "plm_rsh_agent", Agent, "--mca", "pml", "ob1", "--mca", "btl",
                    "tcp,self", "--mca", "btl_tcp_if_include", Device, "--mca", "oob_tcp_if_include", Device,
                    .. KeepAlive.SelectMany(k => (string[])["--mca", k.Name, k.Value]),
                    "--bind-to", "none", "-H", hosts,
                ]
                :
                [
                    "UCX_TLS=tcp,self", $"UCX_NET_DEVICES={Device}", "mpirun.mpich", "-launcher", "ssh",
                    "-launcher-exec", Agent, "-iface", Device, "-hosts", hosts,
                ],
        ];
    }

    /// <summary>Takes the device of the second machine down.</summary>
    public void Cut() => Assert.That(Ip("-n", _second, "link", "set", Device, "down"), Is.True);

    public void Dispose()
    {
        foreach (var name in new[] { _first, _second })
        {
            foreach (var process in Lines("netns", "pids", name)) Run("kill", "-KILL", process);
            Ip("netns", "delete", name);
        }
        _folder.Dispose();
    }

    private bool Connect() =>
        Ip("netns", "add", _first)
        && Ip("netns", "add", _second)
        && Ip("link", "add", Device, "netns", _first, "type", "veth", "peer", "name", Device, "netns", _second)
        && Configure(_first, First)
        && Configure(_second, Second)
        // Linux reports a new link as up within a second, and UCX ignores it before.
        && SpinWait.SpinUntil(() => IsUp(_first) && IsUp(_second), TimeSpan.FromSeconds(10));

    private static bool IsUp(string machine) =>
        Lines("-n", machine, "link", "show", Device).Any(l => l.Contains("state UP", StringComparison.Ordinal));

    private static bool Configure(string machine, string address) =>
        Ip("-n", machine, "address", "add", $"{address}/24", "dev", Device)
        && Ip("-n", machine, "link", "set", "lo", "up")
        && Ip("-n", machine, "link", "set", Device, "up");

    private static bool Ip(params string[] arguments) => Run("ip", arguments) is (0, _);

    private static string[] Lines(params string[] arguments) =>
        Run("ip", arguments).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static (int Code, string Output) Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output);
        }
        catch (Win32Exception)
        {
            return (-1, "");
        }
    }
}
