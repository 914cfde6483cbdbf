using System.CommandLine;
using Microsoft.ML.PaT.Modeling;

namespace PaT.Cli;

/// <summary><c>pat inspect network</c>: what a network costs, layer by layer, as one line of JSON.</summary>
internal static class NetworkCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var network = new NetworkArguments();
        var widths = new Option<string?>("--widths") { Description = "JSON file {\"layer\": channels, ...}: the network with these layers narrower; what is coupled with them follows", HelpName = "FILE" };
        var command = new Command("network", "Print a network's parameters and multiply-accumulates (of convolutions and linear layers, for one image), layer by layer, as one line of JSON.");
        network.AddTo(command);
        command.Options.Add(widths);
        command.SetAction(parsed =>
        {
            var definition = network.Read(parsed);
            if (parsed.GetValue(widths) is { } file)
            {
                definition = definition.WithWidths(NetworkWidths.Load(file));
            }

            parsed.InvocationConfiguration.Output.WriteLine(NetworkSummary.Of(definition).ToJson());
        });
        return command;
    }
}
