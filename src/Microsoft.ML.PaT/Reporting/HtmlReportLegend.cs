using System.Xml.Linq;
using Microsoft.ML.PaT.Pruning.Policies;
using static Microsoft.ML.PaT.Shared.DisplayText;
using static Microsoft.ML.PaT.Shared.Html;

namespace Microsoft.ML.PaT.Reporting;

/// <summary>What the columns of the observations mean, and what the policy of the run needs to prune.</summary>
internal static class HtmlReportLegend
{
    /// <summary>Null without observations.</summary>
    public static XElement? Observations(RunReport report) => report.Observations.Count == 0
        ? null
        : Element(
            "dl",
            Class("terms"),
            Terms(new(report)).SelectMany(t => new[] { Element("dt", t.Term), Element("dd", t.Meaning) }));

    private static IEnumerable<(string Term, string Meaning)> Terms(HtmlReportRecipe recipe)
    {
        var (isIndicator, isEarlyBird) = (recipe.Policy == "epi", recipe.Policy == "early-bird");
        var window = recipe.PolicySetting("window") ?? EarlyPruningIndicatorPolicy.DefaultWindow;
        yield return ("at epoch", "epochs since the start: 2.5 is halfway through epoch 2");
        yield return ("similarity Ψ", "of the widths to those of the observation before: 1 means no change");
        yield return ("EPI", $"the Early Pruning Indicator: the mean similarity to the last {window} observations");
        if (isIndicator)
        {
            var source = recipe.PolicySetting("tau") is null
                ? "measured in this run: what EPI would be if the widths changed at random"
                : "given in the recipe";
            yield return ("τ (tau)", $"the threshold of EPI, {source}");
        }
        yield return ("churn", "fraction of the kept channels that changed since the observation before");
        if (isIndicator)
        {
            var values = recipe.PolicySetting("lookBack") ?? EarlyPruningIndicatorPolicy.DefaultLookBack;
            yield return ("stable", $"EPI is at least τ and no lower than its last {values} values, so the run prunes");
        }
        if (isEarlyBird)
        {
            var masks = recipe.PolicySetting("masks") ?? EarlyBirdPolicy.DefaultMasks;
            var distance = recipe.PolicySetting("distance") ?? EarlyBirdPolicy.DefaultDistance;
            yield return (
                "settled",
                $"the newest of {masks} sets of kept channels differs from each of the others in at most "
                    + $"{Percent(distance)} of all channels, so the run prunes");
        }
        if (isIndicator || isEarlyBird)
            yield return ("deadline", "the part of the run after which it prunes in any case");
    }
}
