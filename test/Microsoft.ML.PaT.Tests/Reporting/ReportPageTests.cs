using System.Text.RegularExpressions;
using Microsoft.ML.PaT.Reporting;

namespace Microsoft.ML.PaT.Tests;

/// <summary>The page for readers: contrast of colors, and the whole page in a browser.</summary>
public partial class ReportPageTests
{
    private const double LeastTextContrast = 4.5;
    private const double LeastGraphicContrast = 3;

    [TestCase("--ink", "--page", LeastTextContrast)]
    [TestCase("--ink", "--panel", LeastTextContrast)]
    [TestCase("--soft", "--page", LeastTextContrast)]
    [TestCase("--soft", "--panel", LeastTextContrast)]
    [TestCase("--run", "--page", LeastTextContrast)]
    [TestCase("--run", "--panel", LeastGraphicContrast)]
    [TestCase("--reference", "--panel", LeastGraphicContrast)]
    [TestCase("--pruned", "--panel", LeastGraphicContrast)]
    public void Colors_can_be_told_from_what_is_behind_them(string front, string behind, double least)
    {
        foreach (var scheme in Schemes())
            Assert.That(Contrast(scheme[front], scheme[behind]), Is.GreaterThanOrEqualTo(least));
    }

    /// <summary>Highest fraction of a color behind the numbers of the confusion matrix.</summary>
    [TestCase("--pruned", 0.45)]
    [TestCase("--run", 0.25)]
    public void Numbers_can_be_read_on_the_darkest_cell(string color, double fraction)
    {
        var expected = FormattableString.Invariant($"var({color}) calc(var(--fraction) * {100 * fraction}%)");
        Assert.That(HtmlStyle.Css, Does.Contain(expected));
        foreach (var scheme in Schemes())
        {
            var cell = scheme[color]
                .Zip(scheme["--page"], (over, under) => fraction * over + (1 - fraction) * under)
                .ToArray();
            Assert.That(Contrast(scheme["--ink"], cell), Is.GreaterThanOrEqualTo(LeastTextContrast));
        }
    }

    [Test]
    public void Page_fits_a_phone_fetches_nothing_and_has_accessible_names()
    {
        using var browser = Chromium.StartOrIgnore();
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Name, "report.html");
        HtmlReport.Write(Wide(), file, Reports.NeverPruned());
        browser.Call(
            "Emulation.setDeviceMetricsOverride",
            new { width = 390, height = 844, deviceScaleFactor = 2, mobile = true });
        browser.Open(new(file));
        Assert.Multiple(() =>
        {
            Assert.That(browser.Evaluate("document.documentElement.scrollWidth").GetInt32(), Is.EqualTo(390));
            Assert.That(browser.Evaluate(TooWide).GetString(), Is.Empty);
            Assert.That(browser.Evaluate(Nameless).GetString(), Is.Empty);
            Assert.That(
                browser.Evaluate("[...document.images].filter(i => !i.complete || i.naturalWidth === 0).length")
                    .GetInt32(),
                Is.Zero);
            Assert.That(browser.Evaluate("document.title").GetString(), Is.Not.Empty);
            Assert.That(browser.Evaluate("document.documentElement.lang").GetString(), Is.EqualTo("en"));
        });
        foreach (var scheme in new[] { "light", "dark" })
        {
            browser.Call(
                "Emulation.setEmulatedMedia",
                new { features = new[] { new { name = "prefers-color-scheme", value = scheme } } });
            Assert.That(browser.Evaluate(Faint).GetString(), Is.Empty, scheme);
        }
        var requests = browser.Events.Where(e => e.Method == "Network.requestWillBeSent")
            .Select(e => e.Parameters.GetProperty("request").GetProperty("url").GetString()!);
        Assert.That(
            requests.Where(url =>
                !url.StartsWith("data:", StringComparison.Ordinal)
                && !url.EndsWith("/report.html", StringComparison.Ordinal)),
            Is.Empty);
        Assert.That(
            browser.Events.Where(e =>
                    e.Method is "Runtime.exceptionThrown" or "Log.entryAdded" or "Runtime.consoleAPICalled")
                .Select(e => e.Parameters.GetRawText()),
            Is.Empty);
    }

    [Test]
    public void Columns_of_the_confusion_matrix_are_below_their_headings()
    {
        using var browser = Chromium.StartOrIgnore();
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Name, "report.html");
        HtmlReport.Write(Wide(), file);
        browser.Open(new(file));
        Assert.That(browser.Evaluate(FarthestFromHeading).GetDouble(), Is.LessThan(1));
    }

    /// <summary>Most pixels between the middle of a number of the matrix and that of the heading above it.</summary>
    private const string FarthestFromHeading = """
        (() => {
          const middle = e => {
            const range = document.createRange();
            range.selectNodeContents(e);
            const box = range.getBoundingClientRect();
            return (box.left + box.right) / 2;
          };
          const [head, ...rows] = document.querySelectorAll('.matrix tr');
          return Math.max(...rows.flatMap(row => [...row.querySelectorAll('.cell')]
            .map((cell, i) => Math.abs(middle(cell) - middle(head.cells[i + 1])))));
        })()
        """;

    /// <summary>Elements that are too wide, unless they are in a scrolling box.</summary>
    private const string TooWide = """
        [...document.querySelectorAll('body *')]
          .filter(e => !e.closest('.scroll') && !e.closest('svg'))
          .filter(e => e.getBoundingClientRect().right > innerWidth + 0.5)
          .map(e => e.outerHTML.slice(0, 80)).join('\n')
        """;

    private const string Nameless = """
        (() => {
          const wrong = [], all = s => [...document.querySelectorAll(s)];
          all('img').filter(e => !e.alt).forEach(e => wrong.push('img'));
          all('svg').filter(e => e.getAttribute('role') !== 'img' || !e.getAttribute('aria-label'))
            .forEach(e => wrong.push('svg'));
          all('th').filter(e => !e.scope).forEach(e => wrong.push('th ' + e.textContent));
          all('[tabindex]').filter(e => !e.getAttribute('aria-label')).forEach(e => wrong.push(e.className));
          all('table').filter(e => !e.caption).forEach(e => wrong.push('table'));
          all('ul').filter(e => [...e.children].some(c => c.tagName !== 'LI')).forEach(e => wrong.push('ul'));
          let last = 0;
          all('h1, h2, h3, h4').forEach(e => {
            const level = +e.tagName[1];
            if (level > last + 1) wrong.push(e.textContent);
            last = level;
          });
          if (all('h1').length !== 1 || all('main').length !== 1) wrong.push('h1 or main');
          return wrong.join('\n');
        })()
        """;

    /// <summary>Texts whose contrast with their background is less than 4.5, as the browser renders them.</summary>
    private const string Faint = """
        (() => {
          const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
          const rgba = color => {
            context.clearRect(0, 0, 1, 1);
            context.fillStyle = color;
            context.fillRect(0, 0, 1, 1);
            return [...context.getImageData(0, 0, 1, 1).data];
          };
          const over = (a, b) => a.slice(0, 3).map((v, i) => v * a[3] / 255 + b[i] * (1 - a[3] / 255));
          const behind = e =>
            e ? over(rgba(getComputedStyle(e).backgroundColor), behind(e.parentElement)) : [255, 255, 255];
          const light = c => c.slice(0, 3)
            .map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
            .reduce((s, v, i) => s + v * [0.2126, 0.7152, 0.0722][i], 0);
          const texts = [...document.querySelectorAll('body *')]
            .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
            .filter(e => !['title', 'STYLE'].includes(e.tagName));
          return texts.filter(e => {
            const style = getComputedStyle(e);
            const [a, b] = [light(rgba(e.closest('svg') ? style.fill : style.color)), light(behind(e))];
            return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5;
          }).map(e => e.outerHTML.slice(0, 80)).join('\n');
        })()
        """;

    /// <summary>A report with all sections, long names, and more classes than fit side by side.</summary>
    private static RunReport Wide()
    {
        string[] classes =
            [.. Enumerable.Range(0, 12).Select(c => c == 3 ? new string('x', 60) : $"class with a name {c}")];
        var report = Reports.Pruned("network-" + new string('n', 60));
        return report with
        {
            Classes = classes,
            Classification = report.Classification! with
            {
                Classes = [.. classes.Select(_ => new ClassReport(100, 100, 89))],
                Confusion =
                [
                    .. classes.Select(
                        (_, truth) => classes.Select((_, predicted) => truth == predicted ? 89 : 1).ToArray()),
                ],
                Worst =
                [
                    .. classes.Select(c =>
                        report.Classification!.Worst[0] with { Label = c, Name = new string('p', 80) }),
                ],
            },
        };
    }

    private static Dictionary<string, double[]>[] Schemes()
    {
        var blocks = RootBlock()
            .Matches(HtmlStyle.Css)
            .Select(block =>
                Variable().Matches(block.Value).ToDictionary(v => v.Groups[1].Value, v => Rgb(v.Groups[2].Value)))
            .ToArray();
        Assert.That(blocks, Has.Length.EqualTo(2), "light and dark");
        Assert.That(blocks[1].Keys, Is.EquivalentTo(blocks[0].Keys));
        return blocks;
    }

    private static double[] Rgb(string hex)
    {
        var full = hex.Length == 3 ? string.Concat(hex.Select(c => $"{c}{c}")) : hex;
        return [.. Enumerable.Range(0, 3).Select(i => (double)Convert.ToByte(full.Substring(2 * i, 2), 16))];
    }

    private static double Contrast(double[] a, double[] b)
    {
        var (x, y) = (Luminance(a), Luminance(b));
        return (Math.Max(x, y) + 0.05) / (Math.Min(x, y) + 0.05);

        static double Luminance(double[] rgb) =>
            rgb.Select(v => v / 255)
                .Select(v => v <= 0.04045 ? v / 12.92 : Math.Pow((v + 0.055) / 1.055, 2.4))
                .Zip([0.2126, 0.7152, 0.0722], (v, weight) => v * weight)
                .Sum();
    }

    [GeneratedRegex(@":root \{[^}]*\}")]
    private static partial Regex RootBlock();

    [GeneratedRegex(@"(--[a-z]+): #([0-9a-f]{3,6});")]
    private static partial Regex Variable();
}
