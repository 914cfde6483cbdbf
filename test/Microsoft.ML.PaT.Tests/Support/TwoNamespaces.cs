using System.Diagnostics;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Two network namespaces with a cable between them: as good as two machines. Skips the test where this machine cannot make them.</summary>
internal sealed class TwoNamespaces : IDisposable
{
    public const string FirstAddress = "10.213.7.1";

    private const string SecondAddress = "10.213.7.2";
    private readonly string _name = $"pat{Environment.ProcessId}";

    private TwoNamespaces()
    {
    }

    /// <summary>What to put before a command that runs in the first.</summary>
    public string[] First => ["ip", "netns", "exec", _name + "a"];

    /// <summary>Likewise the second.</summary>
    public string[] Second => ["ip", "netns", "exec", _name + "b"];

    public static TwoNamespaces Make()
    {
        var made = new TwoNamespaces();
        var (a, b) = (made._name + "a", made._name + "b");
        var works = Ip($"netns add {a}") && Ip($"netns add {b}") && Ip($"link add {a} netns {a} type veth peer name {b} netns {b}")
            && Ip($"-n {a} addr add {FirstAddress}/24 dev {a}") && Ip($"-n {b} addr add {SecondAddress}/24 dev {b}")
            && Ip($"-n {a} link set {a} up") && Ip($"-n {b} link set {b} up") && Ip($"-n {a} link set lo up") && Ip($"-n {b} link set lo up");
        if (works) return made;
        made.Dispose();
        Assert.Ignore("network namespaces with a veth pair need Linux, iproute2 and root");
        return made;
    }

    /// <summary>Pulls the cable.</summary>
    public void Cut() => Ip($"-n {_name}a link set {_name}a down");

    public void Dispose()
    {
        Ip($"netns del {_name}a");
        Ip($"netns del {_name}b");
    }

    private static bool Ip(string arguments)
    {
        try
        {
            using var ip = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            ip.WaitForExit();
            return ip.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
