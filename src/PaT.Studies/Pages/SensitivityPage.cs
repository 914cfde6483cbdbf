using System.Globalization;
using System.Xml.Linq;
using Microsoft.ML.PaT.Reporting;

namespace PaT.Studies;

/// <summary>Page of a sensitivity analysis: a table, and a chart for each channel group.</summary>
public static class SensitivityPage
{
    /// <summary>The page of a report.</summary>
    public static StudyPage Of(SensitivityReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var ratios = report.Ratios.Select(ratio => ratio.ToString("P0", CultureInfo.InvariantCulture));
        var table = new StudyTable(
            "Accuracy in percent by the fraction of a group's channels that is removed",
            ["group", "channels", .. ratios]);
        foreach (var group in report.Groups)
        {
            var accuracy = group.Accuracy.Select(a => StudyTable.Number(100 * a));
            table.Add([group.Group, StudyTable.Count(group.Width), .. accuracy]);
        }
        var weakest = report.Groups.OrderBy(g => g.Accuracy.Average()).Take(3).Select(g => g.Group);
        var lead = $"The whole network classifies {DisplayText.Percent(report.Accuracy)} of the images correctly. "
            + $"Most sensitive: {string.Join(", ", weakest)}.";
        var charts = report.Groups.Select(group => Chart(report, group));
        return new($"{report.Network}: sensitivity by channel group", lead, [table], [.. charts]);
    }

    private static XElement? Chart(SensitivityReport report, GroupSensitivity group)
    {
        var points = report.Ratios.Select((ratio, i) => (100 * ratio, group.Accuracy[i])).Prepend((0, report.Accuracy));
        var curve = new Curve("accuracy", "run", [.. points]);
        var chart = new LineChart(group.Group, DisplayText.Percent, fromZero: true, curve) { Axis = "percent removed" };
        return chart.Draw();
    }
}
