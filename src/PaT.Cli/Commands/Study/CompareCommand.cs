using System.CommandLine;
using PaT.Studies;

namespace PaT.Cli;

/// <summary><c>pat study compare</c>: all ways to a compact network, with equal epochs and with equal work.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var arguments = new StudyArguments(new());
        var ratio = NumberOption.Create(
            "--prune-channels", "Fraction of the channels to remove", 0.5, "between 0 and 1, both excluded",
            (double x) => x is > 0 and < 1);
        var criterion = new Option<string>("--criterion")
        {
            Description = "Importance of a channel during and after training, as for train",
            HelpName = "NAME",
            DefaultValueFactory = _ => "taylor",
        };
        var initial = ListOption.Names(
            "--initial", "Criteria for pruning at initialization", "random", "magnitude", "snip", "grasp", "synflow");
        var schedules = ListOption.Names(
            "--schedule", "Retraining schedules for pruning after training", RetrainingCommand.Schedules);
        var fraction = NumberOption.Create(
            "--retrain-fraction", "Fraction of the epochs that pruning after training keeps for retraining", 1.0 / 3,
            "between 0 and 1, both excluded", (double x) => x is > 0 and < 1);
        var command = new GroupedCommand(
            "compare",
            "Compare dense, pruned at initialization, Early-Bird, the Early Pruning Indicator, and pruned after "
            + "training, at equal epochs and at equal work.");
        command.Add(new OptionGroup("Grid", ratio, criterion, initial, schedules, fraction));
        foreach (var group in arguments.Groups) command.Add(group);
        command.SetAction((parsed, cancellation) => StudyRun.RunAsync(
            arguments, parsed,
            settings => new CompareStudy(
                settings, parsed.GetValue(ratio), parsed.GetRequiredValue(criterion), parsed.GetRequiredValue(initial),
                parsed.GetRequiredValue(schedules),
                RetrainingEpochs(parsed.GetValue(fraction), settings.Epochs)),
            cancellation));
        return command;
    }

    private static int RetrainingEpochs(double fraction, int epochs) =>
        Math.Clamp((int)Math.Round(fraction * epochs), 1, Math.Max(1, epochs - 1));
}
