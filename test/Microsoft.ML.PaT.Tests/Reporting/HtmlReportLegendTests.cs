using System.Xml.Linq;

namespace Microsoft.ML.PaT.Tests;

public class HtmlReportLegendTests
{
    [Test]
    public void A_legend_explains_the_columns_of_the_observations_and_what_the_policy_needs()
    {
        Assert.That(
            Legend(PruningPolicy.EarlyPruningIndicator()),
            Does.Contain("mean similarity to the last 5 observations")
                .And.Contain("τ (tau)the threshold of EPI, measured in this run")
                .And.Contain("stableEPI is at least τ and no lower than its last 5 values"));
        Assert.That(
            Legend(PruningPolicy.EarlyPruningIndicator(tau: 0.9, window: 3, lookBack: 2)),
            Does.Contain("last 3 observations").And.Contain("EPI, given in the recipe").And.Contain("last 2 values"));
        Assert.That(
            Legend(PruningPolicy.EarlyBird()),
            Does.Contain("settledthe newest of 5 sets").And.Contain("at most 10.0% of").And.Not.Contain("τ"));
        Assert.That(Legend(PruningPolicy.AtEpoch(1)), Does.Contain("churn").And.Not.Contain("deadline"));
    }

    private static string Legend(PruningPolicy policy)
    {
        var recipe = new TrainingRecipe { Network = Networks.ResNet20, Pruning = new() { Policy = policy } };
        var page = HtmlReport.ToHtml(Reports.Pruned() with { Recipe = recipe.ToJson() });
        return XElement.Parse(page).Descendants("dl").Single().Value;
    }
}
