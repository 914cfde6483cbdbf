using System.CommandLine;
using System.Globalization;

namespace PaT.Cli;

/// <summary><c>pat study schedule</c>: the learning rate and momentum of every step of a schedule.</summary>
internal static class ScheduleCommand
{
    private static readonly RecipeOption s_name = new(
        "--name", "NAME", "Retraining schedule (docs/guide/fine-tune.md)", [RetrainingCommand.ScheduleField])
    {
        Required = true,
    };

    private static readonly Option<int> s_epochs = NumberOption.Create(
        "--epochs", "Epochs after pruning", 72, "at least 1", (int n) => n >= 1);

    private static readonly Option<int> s_steps = NumberOption.Create(
        "--steps", "Steps per epoch", 782, "at least 1", (int n) => n >= 1);

    private static readonly Option<double> s_peak = NumberOption.Create(
        "--peak", "Peak learning rate of the original run", 0.1, "greater than 0", (double x) => x > 0);

    private static readonly Option<double?> s_low = NumberOption.CreateOptional(
        "--low", "Last learning rate of the original run, for ft, lrw and slr (default: each drop is a tenth)",
        "greater than 0", (double x) => x > 0);

    private static readonly Option<double?> s_final = NumberOption.CreateOptional(
        "--final", "The rate that clr ends with (default: a ten-thousandth of --peak)", "at least 0",
        (double x) => x >= 0);

    private static readonly Option<double> s_momentum = NumberOption.Create(
        "--momentum", "Momentum of the original run; clr has its own", 0.9, "0 to 1, 1 excluded",
        (double x) => x is >= 0 and < 1);

    private static readonly Option<bool> s_steady = new("--steady-momentum")
    {
        Description = "For clr: keep --momentum, instead of 0.95 to 0.85 to 0.95",
    };

    private static readonly Option<string> s_drops = new("--drops")
    {
        Description = "Epochs at which the rate of the original run drops, for lrw and slr",
        DefaultValueFactory = _ => "80,120",
        HelpName = "N,N,...",
    };

    private static readonly Option<int> s_original = NumberOption.Create(
        "--original-epochs", "Epochs of the original run, for lrw, slr and allr", 160, "at least 1", (int n) => n >= 1);

    private static readonly Option<double> s_change = NumberOption.Create(
        "--weight-change", "Change by pruning, for allr: (||w - w_pruned|| / ||w||) / sqrt(fraction pruned)", 0.0,
        "at least 0", (double x) => x >= 0);

    public static Command Create()
    {
        var command = new Command(
            "schedule",
            "Print a retraining schedule, a line per step: epoch,step,lr,momentum. Epochs, and steps within an epoch, "
            + "count from 0.")
        {
            s_name, s_epochs, s_steps, s_peak, s_low, s_final, s_momentum, s_steady, s_drops, s_original, s_change,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var steps = parsed.GetValue(s_steps);
            var rates = Retraining(parsed).Rates(Original(parsed), steps, parsed.GetValue(s_change));
            var output = parsed.InvocationConfiguration.Output;
            foreach (var (step, (rate, momentum)) in rates.Index())
            {
                cancellation.ThrowIfCancellationRequested();
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{step / steps},{step % steps},{rate:R},{momentum:R}"));
            }
            return Task.CompletedTask;
        });
        return command;
    }

    private static RetrainingOptions Retraining(ParseResult parsed)
    {
        var named = s_name.Apply(new TrainingRecipe(), parsed).Pruning.Retraining!;
        // Other schedules depend on the last rate through the original run alone.
        var startsLow = named.Schedule is RetrainingSchedule.FineTuning or RetrainingSchedule.ScaledRestarting;
        return named with
        {
            Epochs = parsed.GetValue(s_epochs),
            LowRate = startsLow ? parsed.GetValue(s_low) : null,
            FinalRate = parsed.GetValue(s_final),
            CycleMomentum = !parsed.GetValue(s_steady),
        };
    }

    private static TrainingOptions Original(ParseResult parsed)
    {
        var (epochs, peak, low) = (parsed.GetValue(s_original), parsed.GetValue(s_peak), parsed.GetValue(s_low));
        if (low > peak)
        {
            throw new InvalidOptionsException(CliErrorCodes.ArgumentInvalid,
                FormattableString.Invariant($"--low must be at most --peak, {peak}, but is {low}"));
        }
        var drops = EpochList.Parse("--drops", parsed.GetRequiredValue(s_drops), epochs);
        return new()
        {
            Epochs = epochs,
            LearningRate = peak,
            Momentum = parsed.GetValue(s_momentum),
            Decay = LearningRateDecay.Steps,
            Milestones = drops,
            // All milestones together lead from the highest learning rate to the last one.
            Gamma = low is { } last ? Math.Pow(last / peak, 1.0 / drops.Length) : 0.1,
        };
    }
}
