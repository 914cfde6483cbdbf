using System.CommandLine;
using System.Globalization;

namespace PaT.Cli;

/// <summary><c>pat study indicator</c>: the Early Pruning Indicator on recorded numbers, without a network.</summary>
internal static class IndicatorCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var curve = new Option<string?>("--curve") { Description = "JSON file {\"epoch\": EPI, ...}: the last line printed is the epoch of the trigger, or none", HelpName = "FILE" };
        var counts = new Option<string?>("--counts") { Description = "JSON file {\"epochs\": [[channels of layer 1, ...], ...], \"window\": 5}: prints the indicator of each epoch, nan before it is defined", HelpName = "FILE" };
        var tau = NumberOption.CreateOptional("--tau", "Threshold of the trigger, for --curve", "greater than 0, at most 1", (double x) => x is > 0 and <= 1);
        var command = new Command("indicator", "When to prune, by the Early Pruning Indicator, from a recorded curve or from recorded channel counts.") { curve, counts, tau };
        command.Validators.Add(result =>
        {
            var (hasCurve, hasCounts, hasTau) = (result.GetResult(curve) is not null, result.GetResult(counts) is not null, result.GetResult(tau) is not null);
            if (hasCurve == hasCounts)
            {
                result.AddError("give either --curve FILE --tau X or --counts FILE");
            }
            else if (hasCurve != hasTau)
            {
                result.AddError(hasCurve ? "--curve needs --tau X: the published thresholds are 0.983 (magnitude) and 0.944 (gradient)" : "--tau has no meaning with --counts: leave it out");
            }
        });
        command.SetAction(parsed =>
        {
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(curve) is { } curveFile)
            {
                output.WriteLine(IndicatorFiles.Trigger(curveFile, parsed.GetValue(tau)!.Value)?.ToString(CultureInfo.InvariantCulture) ?? "none");
            }
            else
            {
                foreach (var value in IndicatorFiles.Indicators(parsed.GetValue(counts)!))
                {
                    output.WriteLine(double.IsNaN(value) ? "nan" : value.ToString("R", CultureInfo.InvariantCulture));
                }
            }
        });
        return command;
    }
}
