using System.CommandLine;

namespace PaT.Cli;

/// <summary><c>pat inspect</c>: analyzes a network without training it.</summary>
internal static class InspectCommand
{
    public static Command Create() => new("inspect", "Analyze a network without training it.")
    {
        NetworkCommand.Create(),
        NetworksCommand.Create(),
        GroupsCommand.Create(),
        SensitivityCommand.Create(),
    };
}
