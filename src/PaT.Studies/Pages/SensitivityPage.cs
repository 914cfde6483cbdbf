using System.Globalization;
using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Reporting;

namespace PaT.Studies;

/// <summary>A sensitivity analysis as a page: a table, and a chart for each channel group.</summary>
public static class SensitivityPage
{
    public static StudyPage Of(SensitivityReport report)
    {
        var table = new StudyTable("Accuracy in percent with so many of a group's channels removed", ["group", "channels", .. report.Ratios.Select(s => s.ToString("P0", CultureInfo.InvariantCulture))]);
        foreach (var group in report.Groups)
        {
            table.Add([group.Group, StudyTable.Count(group.Width), .. group.Accuracy.Select(a => StudyTable.Number(100 * a))]);
        }

        var charts = report.Groups.Select(group =>
        {
            var points = report.Ratios.Select((ratio, i) => (100 * ratio, group.Accuracy[i]));
            var chart = new LineChart(group.Group, DisplayText.Percent, fromZero: true, new Curve("accuracy", "run", [(0, report.Accuracy), .. points])) { Axis = "percent removed" };
            return chart.Draw();
        });
        var weakest = report.Groups.OrderBy(g => g.Accuracy.Average()).Take(3).Select(g => g.Group);
        return new($"{report.Network}: which channels it can spare", $"Whole, it classifies {DisplayText.Percent(report.Accuracy)} of the images correctly. What hurts most: {string.Join(", ", weakest)}.", [table], [.. charts]);
    }
}
