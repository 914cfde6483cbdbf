using System.CommandLine;
using Microsoft.ML.PaT.Training;
using PaT.Studies;

namespace PaT.Cli;

/// <summary><c>pat study compare</c>: all ways to a compact network, for as many epochs and for as much work.</summary>
internal static class CompareCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var arguments = new StudyArguments(epochs: 30, learningRate: 0.2);
        var channels = NumberOption.Create("--prune-channels", "Fraction of the channels to remove", 0.5, "between 0 and 1, both excluded", (double x) => x is > 0 and < 1);
        var criterion = new Option<string>("--criterion") { Description = "What makes a channel important during and after training, as for train", DefaultValueFactory = _ => "taylor", HelpName = "NAME" };
        var initial = ListOption.Names("--initial", "Criteria for pruning at initialization, as for train", "random", "magnitude", "snip", "grasp", "synflow");
        var schedules = ListOption.Names("--schedule", $"Retraining schedules for pruning after training: {string.Join(", ", RetrainingSchedules.Names)}", [.. RetrainingSchedules.Names]);
        var fraction = NumberOption.Create("--retrain-fraction", "Fraction of the epochs that pruning after training keeps for retraining", 1.0 / 3, "between 0 and 1, both excluded", (double x) => x is > 0 and < 1);
        var command = new Command("compare", "Dense, pruned at initialization, Early-Bird, the Early Pruning Indicator, trained-pruned-retrained: at equal epochs and at equal work.");
        arguments.AddTo(command);
        foreach (var option in new Option[] { channels, criterion, initial, schedules, fraction })
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, cancellation) => StudyRun.RunAsync(
            arguments,
            parsed,
            settings => new CompareStudy(
                settings,
                parsed.GetValue(channels),
                parsed.GetRequiredValue(criterion),
                parsed.GetRequiredValue(initial),
                parsed.GetRequiredValue(schedules),
                Math.Clamp((int)Math.Round(parsed.GetValue(fraction) * settings.Epochs), 1, Math.Max(1, settings.Epochs - 1))),
            cancellation));
        return command;
    }
}
