using System.CommandLine;
using PaT.Studies;

namespace PaT.Cli;

/// <summary>
/// <c>pat study oracle</c>: prunes at every given epoch and compares the results with the indicator's run.
/// </summary>
internal static class OracleCommand
{
    public static Command Create()
    {
        var arguments = new StudyArguments(new());
        var ratios = ListOption.Numbers(
            "--prune-channels", "Fractions of the channels to remove", "between 0 and 1, both excluded",
            x => x is > 0 and < 1, 0.5);
        var criteria = ListOption.Names("--criterion", "Importance of a channel, as for train", "taylor", "magnitude");
        var at = ListOption.Numbers(
            "--at", "Dense epochs before pruning", "whole numbers from 0, fewer than --epochs",
            x => x >= 0 && x == Math.Floor(x), 0, 1, 2, 3, 5, 8, 12, 16, 20, 25);
        var command = new GroupedCommand(
            "oracle",
            "Measure the accuracy by epoch of pruning, and whether the Early Pruning Indicator finds the best one.");
        command.Add(new OptionGroup("Grid", ratios, criteria, at));
        foreach (var group in arguments.Groups) command.Add(group);
        command.SetAction((parsed, cancellation) => StudyRun.RunAsync(
            arguments, parsed,
            settings => new OracleStudy(
                settings, parsed.GetRequiredValue(criteria), parsed.GetRequiredValue(ratios),
                [.. parsed.GetRequiredValue(at).Order().Select(e => (int)e)]),
            cancellation));
        return command;
    }
}
