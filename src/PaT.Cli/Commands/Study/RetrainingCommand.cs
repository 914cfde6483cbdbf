using System.CommandLine;
using PaT.Studies;

namespace PaT.Cli;

/// <summary>
/// <c>pat study retraining</c>: prunes trained networks by published plans and retrains them with every schedule.
/// </summary>
internal static class RetrainingCommand
{
    /// <summary>The field of a recipe whose values are the retraining schedules.</summary>
    public const string ScheduleField = "pruning.retraining.schedule";

    /// <summary>All retraining schedules. Fields of recipes take time, which the help of other commands need not
    /// wait for.</summary>
    public static string[] Schedules() => [.. RecipeField.All.Single(f => f.Path == ScheduleField).Names];

    public static Command Create()
    {
        // Of the protocol of Le and Hua (ICLR 2021): 160 epochs, learning rate 0.1, divided by 10 after half and three
        // quarters of the run, momentum 0.9. The rest are the library's defaults, which differ: batch 128 instead of
        // 64, weight decay 5e-4 instead of 1e-4, and Nesterov's momentum.
        var arguments = new StudyArguments(new() { Training = new() { Epochs = 160, LearningRate = 0.1 } });
        var plans = ListOption.Names(
            "--plan",
            $"Plans: {string.Join(", ", PublishedPlans.Names)}; on a network of another depth a plan gives its ratios "
            + "by stage", "R56-A", "R56-B");
        var criteria = ListOption.Names(
            "--criterion", "Importance of a channel, as for train; random is the control", "l1", "random");
        var schedules = ListOption.Names("--schedule", "Retraining schedules", Schedules);
        var budgets = ListOption.Numbers(
            "--retrain-epochs", "Epochs of retraining", "whole numbers from 1", x => x >= 1 && x == Math.Floor(x),
            40, 72);
        var command = new GroupedCommand(
            "retraining",
            "Compare retraining schedules and criteria from one dense network per seed. Controls: the pruned shape "
                + "trained from scratch, and the dense network trained for as long. Epochs and learning rates are "
                + "those of Le and Hua (ICLR 2021); batch size, weight decay and Nesterov's momentum are not, unless "
                + "you add --batch 64 --set training.weightDecay=0.0001 --set training.nesterov=false.");
        command.Add(new OptionGroup("Grid", plans, criteria, schedules, budgets));
        foreach (var group in arguments.Groups) command.Add(group);
        command.SetAction((parsed, cancellation) => StudyRun.RunAsync(
            arguments, parsed,
            settings => new RetrainingStudy(
                settings, parsed.GetRequiredValue(plans), parsed.GetRequiredValue(criteria),
                parsed.GetRequiredValue(schedules), [.. parsed.GetRequiredValue(budgets).Order().Select(e => (int)e)]),
            cancellation));
        return command;
    }
}
