using System.CommandLine;

namespace Microsoft.ML.PaT.Samples;

/// <summary><c>pat info</c>: what a network costs, layer by layer, as one line of JSON.</summary>
internal static class InfoCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var network = new NetworkArguments();
        var command = new Command("info", "Print a network's parameters and multiply-accumulates (of convolutions and linear layers, for one picture), layer by layer, as one line of JSON.");
        network.AddTo(command);
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.WriteLine(NetworkSummary.Of(network.Read(parsed)).ToJson()));
        return command;
    }
}
