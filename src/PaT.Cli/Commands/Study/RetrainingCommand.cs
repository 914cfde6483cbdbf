using System.CommandLine;
using Microsoft.ML.PaT.Training;
using PaT.Studies;

namespace PaT.Cli;

/// <summary><c>pat study retraining</c>: prunes trained networks by published plans and retrains them with every schedule.</summary>
internal static class RetrainingCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        // The protocol of the papers: rate 0.1, a tenth of it after half and after three quarters of the run.
        var arguments = new StudyArguments(epochs: 160, learningRate: 0.1, "--dense-epochs");
        var plans = ListOption.Names("--plan", $"What to remove: {string.Join(", ", PublishedPlans.Names)}; on a network of another depth a plan gives its ratios by stage", "R56-A", "R56-B");
        var criteria = ListOption.Names("--criterion", "What makes a channel important, as for train; random is the control", "l1", "random");
        var schedules = ListOption.Names("--schedule", $"Retraining schedules: {string.Join(", ", RetrainingSchedules.Names)}", [.. RetrainingSchedules.Names]);
        var budgets = ListOption.Numbers("--epochs", "Epochs of retraining", "whole numbers from 1", x => x >= 1 && x == Math.Floor(x), 40, 72);
        var command = new Command("retraining", "Which retraining schedule, and which criterion, from one dense network a seed; with the pruned shape from scratch and the dense network trained on as controls.");
        arguments.AddTo(command);
        foreach (var option in new Option[] { plans, criteria, schedules, budgets })
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, cancellation) => StudyRun.RunAsync(
            arguments,
            parsed,
            settings => new RetrainingStudy(
                settings,
                new WidthFiles(arguments.Workspace(parsed)),
                parsed.GetRequiredValue(plans),
                parsed.GetRequiredValue(criteria),
                parsed.GetRequiredValue(schedules),
                [.. parsed.GetRequiredValue(budgets).Order().Select(e => (int)e)]),
            cancellation));
        return command;
    }
}
