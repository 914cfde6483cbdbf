using System.CommandLine;
using System.Globalization;
using Microsoft.ML.PaT.Pruning;

namespace PaT.Cli;

/// <summary><c>pat inspect groups</c>: the channel groups of a network.</summary>
internal static class GroupsCommand
{
    public static Command Create()
    {
        var network = new NetworkArguments();
        var command = new Command(
            "groups",
            "Print the channel groups of a network: channels that can only be kept or removed together, the layers "
            + "that produce them and the layers that consume them.");
        network.AddTo(command);
        command.SetAction(parsed =>
        {
            var output = parsed.InvocationConfiguration.Output;
            var definition = network.Read(parsed);
            var groups = ChannelGroups.Of(definition);
            foreach (var group in groups.Groups)
            {
                output.WriteLine(Heading(group));
                output.WriteLine("  produced by  " + string.Join(", ", group.Layers));
                output.WriteLine("  consumed by  " + string.Join(", ", group.Consumers));
            }
            var channels = groups.Neurons.ToString("N0", CultureInfo.InvariantCulture);
            output.WriteLine($"{definition.Name}, {definition.Input}, {definition.Classes} classes: "
                + $"{groups.Groups.Count} groups, {channels} channels of {groups.PrunableLayers.Count} layers");
        });
        return command;
    }

    private static string Heading(ChannelGroup group) => (group.Multiplicity, group.Layers.Count) switch
    {
        (1, _) => $"{group.Name}: {group.Width} channels",
        // Heads of attention, groups of a grouped convolution.
        (var together, 1) => $"{group.Name}: {group.Width} times {together} channels that belong together",
        (var coupled, _) => $"{group.Name}: {group.Width} channels, each coupled over {coupled} layers",
    };
}
