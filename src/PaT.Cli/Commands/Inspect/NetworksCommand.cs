using System.CommandLine;

namespace PaT.Cli;

/// <summary><c>pat inspect networks</c>: the networks that <c>--network</c> takes by name.</summary>
internal static class NetworksCommand
{
    public static Command Create()
    {
        var command = new Command(
            "networks",
            "Print the networks that --network takes by name, a line each, with the images and the number of classes "
            + "that they were published for, parameters, and multiply-accumulates for one image.");
        command.SetAction(parsed =>
        {
            foreach (var name in Networks.Names)
            {
                var known = Networks.ByName(name);
                var network = known.Build(known.StandardInput, known.StandardClasses);
                parsed.InvocationConfiguration.Output.WriteLine(FormattableString.Invariant(
                    $"{name,-20} {network.Input,-10} {network.Classes,5} classes {network.ParameterCount,12:N0} ")
                    + FormattableString.Invariant($"parameters {network.Macs / 1e6,8:N0} million MACs"));
            }
        });
        return command;
    }
}
