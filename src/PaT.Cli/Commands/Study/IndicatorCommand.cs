using System.CommandLine;
using System.Globalization;

namespace PaT.Cli;

/// <summary><c>pat study indicator</c>: the Early Pruning Indicator of recorded numbers, without a network.</summary>
internal static class IndicatorCommand
{
    public static Command Create()
    {
        var curve = new Option<string?>("--curve")
        {
            Description = "JSON file {\"epoch\": EPI, ...}: the last line printed is the epoch of the trigger, or none",
            HelpName = "FILE",
        };
        var counts = new Option<string?>("--counts")
        {
            Description = "JSON file {\"epochs\": [[channels of layer 1, ...], ...], \"window\": 5}: prints the "
                + "indicator of each epoch, nan before it is defined",
            HelpName = "FILE",
        };
        var tau = NumberOption.CreateOptional(
            "--tau", "Threshold of the trigger, for --curve", "greater than 0, at most 1",
            (double x) => x is > 0 and <= 1);
        var command = new Command(
            "indicator",
            "Print when to prune by the Early Pruning Indicator, from a recorded curve or from recorded counts.")
        {
            curve, counts, tau,
        };
        command.Validators.Add(result =>
        {
            var (hasCurve, hasTau) = (result.GetResult(curve) is not null, result.GetResult(tau) is not null);
            if (hasCurve == result.GetResult(counts) is not null)
                result.AddError("give either --curve FILE --tau X or --counts FILE");
            else if (hasCurve && !hasTau)
                result.AddError("--curve needs --tau X: published are 0.983 (magnitude) and 0.944 (gradient)");
            else if (!hasCurve && hasTau)
                result.AddError("--tau has no meaning with --counts: leave it out");
        });
        command.SetAction(parsed =>
        {
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.ExistingFile(curve) is { } curveFile)
            {
                var epoch = IndicatorFiles.Trigger(curveFile, parsed.GetValue(tau)!.Value);
                output.WriteLine(epoch?.ToString(CultureInfo.InvariantCulture) ?? "none");
                return;
            }
            foreach (var value in IndicatorFiles.Indicators(parsed.ExistingFile(counts)!))
                output.WriteLine(value?.ToString("R", CultureInfo.InvariantCulture) ?? "nan");
        });
        return command;
    }
}
