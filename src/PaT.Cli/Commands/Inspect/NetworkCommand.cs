using System.CommandLine;

namespace PaT.Cli;

/// <summary><c>pat inspect network</c>: the cost of a network by layer, as one line of JSON.</summary>
internal static class NetworkCommand
{
    public static Command Create()
    {
        var network = new NetworkArguments();
        var widths = new Option<string?>("--widths")
        {
            Description = "JSON file {\"layer\": channels, ...}: prints the network with these widths; coupled layers "
                + "get the same width",
            HelpName = "FILE",
        };
        var command = new Command(
            "network",
            "Print the parameters and multiply-accumulates (of convolutions, linear layers and attention, for one "
            + "image) of a network by layer, as one line of JSON.");
        network.AddTo(command);
        command.Options.Add(widths);
        command.SetAction(parsed =>
        {
            var definition = network.Read(parsed);
            if (parsed.GetValue(widths) is { } file)
                definition = PruningPlan.FromWidths(definition, PruningPlan.LoadWidths(file)).Apply(definition);
            parsed.InvocationConfiguration.Output.WriteLine(definition.ToSummaryJson());
        });
        return command;
    }
}
