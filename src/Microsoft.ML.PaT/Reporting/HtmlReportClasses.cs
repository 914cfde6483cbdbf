using System.Xml.Linq;
using Microsoft.ML.PaT.Results;
using static Microsoft.ML.PaT.Shared.Html;
using static Microsoft.ML.PaT.Shared.DisplayText;

namespace Microsoft.ML.PaT.Reporting;

/// <summary>Classification quality: metrics per class, the confusion matrix, and the most confident errors.</summary>
internal static class HtmlReportClasses
{
    private const int MostColumns = 20;
    private const int MostConfusions = 20;

    /// <summary>Empty if the report has no classification.</summary>
    public static IEnumerable<XElement?> All(RunReport report)
    {
        if (report.Classification is not { Count: > 0 } seen || seen.Classes.Count != report.Classes.Count) yield break;
        yield return Element(
            "p", Class("note"), $"{Count(seen.Count)} {seen.Set} images, mean loss {Number(seen.Loss)}.");
        yield return Each(report.Classes, seen);
        yield return seen.Confusion is not { } matrix
        || matrix.Count != report.Classes.Count
        || matrix.Any(row => row?.Length != matrix.Count)
            ? null
        : matrix.Count <= MostColumns ? Matrix(report.Classes, matrix)
        : Confusions(report.Classes, matrix);
        yield return Worst(seen.Worst);
    }

    private static XElement Each(IReadOnlyList<string> names, ClassificationReport seen)
    {
        var table = Table(
            "Class by class",
            ["class", "images", "accuracy (recall)", "precision"],
            names.Zip(seen.Classes, (name, c) => new object?[]
            {
                name, Count(c.Images), Fraction(c.Correct, c.Images), Fraction(c.Correct, c.Predicted),
            }));
        return names.Count <= MostColumns
            ? table
            : Element("details", Element("summary", $"All {names.Count} classes"), table);
    }

    private static XElement Matrix(IReadOnlyList<string> names, IReadOnlyList<int[]> matrix)
    {
        var table = Table(
            "Confusion matrix: a row for each true class, a column for each predicted class",
            ["", .. names],
            matrix.Select(
                (row, truth) =>
                    row.Select(
                            (count, predicted) =>
                                (object?)Element(
                                    "span",
                                    Class(truth == predicted ? "cell right" : "cell"),
                                    Attribute(
                                        "style",
                                        $"--fraction: {Coordinate(count / (double)Math.Max(1, row.Sum()))}"),
                                    Count(count)))
                        .Prepend(names[truth])
                        .ToList()));
        table.SetAttributeValue("class", "scroll matrix");
        return table;
    }

    private static XElement? Confusions(IReadOnlyList<string> names, IReadOnlyList<int[]> matrix)
    {
        var most = matrix.SelectMany((row, truth) => row.Select((count, predicted) => (truth, predicted, count)))
            .Where(cell => cell.truth != cell.predicted && cell.count > 0)
            .OrderByDescending(cell => cell.count)
            .Take(MostConfusions)
            .ToList();
        return most.Count == 0
            ? null
            : Table(
                "Most frequent confusions",
                ["class", "predicted", "images", "of the class"],
                most.Select(cell =>
                    new object?[]
                    {
                        names[cell.truth],
                        names[cell.predicted],
                        Count(cell.count),
                        Fraction(cell.count, matrix[cell.truth].Sum()),
                    }));
    }

    private static XElement? Worst(IReadOnlyList<WorstImage> worst) =>
        worst.Count == 0
            ? null
            : Element(
                "div",
                Element("h3", "Errors with the least probable labels"),
                Element(
                    "ul",
                    Class("images"),
                    worst.Select(image =>
                        Element(
                            "li",
                            Element(
                                "figure",
                                Element(
                                    "img",
                                    Attribute("src", $"data:image/png;base64,{image.Png}"),
                                    Attribute("alt", $"{image.Label}, predicted {image.Predicted}")),
                                Element("p", Element("strong", image.Label), $" {Percent(image.Probability)}"),
                                Element("p", $"predicted {image.Predicted} {Percent(image.Confidence)}"),
                                image.Name is null ? null : Element("p", Class("note"), image.Name))))));

    private static string Fraction(int part, int whole) => whole > 0 ? Percent((double)part / whole) : None;
}
