using System.CommandLine;
using Microsoft.ML.PaT.Core;

namespace PaT.Cli;

/// <summary>The options that say how much to remove, of what, and in which steps.</summary>
internal sealed class TargetArguments
{
    private const double DefaultRatio = 0.5;

    private readonly Option<double?> _channels = Ratio("--prune-channels", "Fraction of the channels to remove (the default, 0.5)");
    private readonly Option<double?> _macs = Ratio("--prune-macs", "Fraction of the multiply-accumulates to remove");
    private readonly Option<double?> _parameters = Ratio("--prune-parameters", "Fraction of the parameters to remove");
    private readonly Option<double?> _latency = Ratio("--prune-latency", "Fraction of the milliseconds for scoring to remove, measured on the device trained on");
    private readonly Option<int> _latencyBatch = NumberOption.Create("--latency-batch", "Images scored at a time where latency is measured", 1, "1 to 4096", (int n) => n is >= 1 and <= 4096);
    private readonly Option<int> _recalibrate = NumberOption.Create("--recalibrate-bn", "Batches from which batch-norms take fresh statistics after a cut; 0 for none", 0, "0 to 10000", (int n) => n is >= 0 and <= 10_000);
    private readonly Option<string?> _plan = new("--plan") { Description = "A plan that --save-plan wrote: the policy then says only when to cut", HelpName = "FILE" };
    private readonly Option<string?> _widths = new("--widths") { Description = "Channels that layers keep, as JSON {\"layer\": channels, ...}; which of them, the scores say", HelpName = "FILE" };
    private readonly Option<string[]> _exclude = new("--exclude") { Description = "Layers that keep their channels, by name; * and ? stand for any letters. May be given several times", HelpName = "PATTERN" };
    private readonly Option<int> _floor = NumberOption.Create("--min-channels", "Channels that every layer keeps", 1, "1 to 65536", (int n) => n is >= 1 and <= 65536);
    private readonly Option<double> _cap = NumberOption.Create("--max-ratio", "Largest fraction of a layer's channels that may go", 1.0, "above 0, at most 1", (double x) => x is > 0 and <= 1);
    private readonly Option<int?> _roundTo = NumberOption.CreateOptional("--round-to", "Widths after pruning are multiples of this (default: an eighth of the narrowest group, at most 8)", "1 to 64", (int n) => n is >= 1 and <= 64);
    private readonly Option<bool> _measureRoundTo = new("--measure-round-to") { Description = "Times widths in steps of 1, 4, 8 and 16 on the device and takes the fastest; equal commands may then give unequal networks" };
    private readonly Option<int> _cuts = NumberOption.Create("--cuts", "IterativeSteps in which the channels go", 1, "1 to 100", (int n) => n is >= 1 and <= 100);
    private readonly Option<int> _cutEpochs = NumberOption.Create("--cut-epochs", "Epochs over which several cuts are spread", 1, "1 to 1000", (int n) => n is >= 1 and <= 1000);
    private readonly Option<PruningSchedule> _schedule = NamedValue.Create("--cut-schedule", "How much goes in which of several cuts", PruningSchedule.Exponential);

    /// <summary>All of them, in the order of the help.</summary>
    public IEnumerable<Option> All => [_channels, _macs, _parameters, _latency, _latencyBatch, _plan, _widths, _exclude, _floor, _cap, _roundTo, _measureRoundTo, _cuts, _cutEpochs, _schedule, _recalibrate];

    /// <summary>What was asked for.</summary>
    /// <param name="parsed">The parsed command line.</param>
    /// <exception cref="InvalidOptionsException">Options contradict each other.</exception>
    /// <exception cref="InvalidPlanException">The plan cannot be read.</exception>
    public PruningOptions Read(ParseResult parsed)
    {
        Option[] exclusive = [_channels, _macs, _parameters, _latency, _plan, _widths];
        var given = exclusive.Where(o => parsed.GetResult(o) is not null).Select(o => o.Name).ToList();
        if (given.Count > 1)
        {
            throw new InvalidOptionsException($"{string.Join(" and ", given)} say each for itself how much to remove: give one of them");
        }

        return new PruningOptions
        {
            Target = parsed.GetValue(_macs) is { } macs ? PruningTarget.Macs(macs)
                : parsed.GetValue(_parameters) is { } parameters ? PruningTarget.Parameters(parameters)
                : parsed.GetValue(_latency) is { } latency ? PruningTarget.Latency(latency)
                : PruningTarget.Channels(parsed.GetValue(_channels) ?? DefaultRatio),
            Plan = parsed.GetValue(_plan) is { } file ? PruningPlan.Load(file) : null,
            Widths = parsed.GetValue(_widths) is { } widths ? NetworkWidths.Load(widths) : null,
            Limits = new PruningLimits { Exclude = parsed.GetValue(_exclude) ?? [], MinChannels = parsed.GetValue(_floor), MaxRatio = parsed.GetValue(_cap) },
            RoundTo = parsed.GetValue(_roundTo),
            MeasureRoundTo = parsed.GetValue(_measureRoundTo),
            IterativeSteps = parsed.GetValue(_cuts),
            LatencyBatch = parsed.GetValue(_latencyBatch),
            RecalibrateBatchNorm = parsed.GetValue(_recalibrate),
            IterativeEpochs = parsed.GetValue(_cutEpochs),
            Schedule = parsed.GetValue(_schedule),
        };
    }

    private static Option<double?> Ratio(string name, string description) =>
        NumberOption.CreateOptional(name, description, "between 0 and 1, both excluded", (double x) => x is > 0 and < 1);
}
