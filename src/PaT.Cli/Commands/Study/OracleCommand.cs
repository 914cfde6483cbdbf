using System.CommandLine;
using PaT.Studies;

namespace PaT.Cli;

/// <summary><c>pat study oracle</c>: prunes at every given epoch, and says what the indicator's choice is worth.</summary>
internal static class OracleCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var arguments = new StudyArguments(epochs: 30, learningRate: 0.2);
        var channels = ListOption.Numbers("--prune-channels", "Fractions of the channels to remove", "between 0 and 1, both excluded", x => x is > 0 and < 1, 0.5);
        var criteria = ListOption.Names("--criterion", "What makes a channel important, as for train", "taylor", "magnitude");
        var at = ListOption.Numbers("--at", "Dense epochs before the cut", "whole numbers from 0, fewer than --epochs", x => x >= 0 && x == Math.Floor(x), 0, 1, 2, 3, 5, 8, 12, 16, 20, 25);
        var command = new Command("oracle", "Final accuracy against the epoch of pruning, and whether the Early Pruning Indicator found the best one.");
        arguments.AddTo(command);
        command.Options.Add(channels);
        command.Options.Add(criteria);
        command.Options.Add(at);
        command.SetAction((parsed, cancellation) => StudyRun.RunAsync(
            arguments,
            parsed,
            settings => new OracleStudy(settings, parsed.GetRequiredValue(criteria), parsed.GetRequiredValue(channels), [.. parsed.GetRequiredValue(at).Order().Select(e => (int)e)]),
            cancellation));
        return command;
    }
}
