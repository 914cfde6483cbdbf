using System.CommandLine;
using Microsoft.ML.PaT.Pruning;

namespace PaT.Cli;

/// <summary><c>pat inspect groups</c>: which channels of a network can go, and what goes with them.</summary>
internal static class GroupsCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var network = new NetworkArguments();
        var command = new Command("groups", "Print the channel groups of a network: channels that can only stay or go together, what makes them and what reads them.");
        network.AddTo(command);
        command.SetAction(parsed =>
        {
            var output = parsed.InvocationConfiguration.Output;
            var definition = network.Read(parsed);
            var groups = ChannelGroups.Of(definition);
            foreach (var group in groups.Groups)
            {
                output.WriteLine(Heading(group));
                output.WriteLine("  made by  " + string.Join(", ", group.Layers));
                output.WriteLine("  read by  " + string.Join(", ", group.Consumers));
            }

            output.WriteLine(FormattableString.Invariant(
                $"{definition.Name}, {definition.Input}, {definition.Classes} classes: {groups.Groups.Count} groups, {groups.Neurons:N0} channels over {groups.PrunableLayers.Count} layers to choose from"));
        });
        return command;
    }

    private static string Heading(ChannelGroup group) => (group.Multiplicity, group.Layers.Count) switch
    {
        (1, _) => $"{group.Name}: {group.Width} channels",
        // Heads of attention, parts of a grouped convolution.
        (var together, 1) => $"{group.Name}: {group.Width} times {together} channels that go together",
        (var coupled, _) => $"{group.Name}: {group.Width} channels, each one of {coupled} coupled with it",
    };
}
