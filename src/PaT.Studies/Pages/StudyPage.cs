using System.Text;
using System.Xml.Linq;
using Microsoft.ML.PaT.Internal;

namespace PaT.Studies;

/// <summary>What a study found.</summary>
/// <param name="Title">The question.</param>
/// <param name="Lead">The answer in a few sentences, with the numbers that support it.</param>
/// <param name="Tables">The numbers.</param>
/// <param name="Charts">Figures; null for one without a point.</param>
public sealed record StudyPage(
    string Title, string Lead, IReadOnlyList<StudyTable> Tables, IReadOnlyList<XElement?> Charts)
{
    /// <summary>Writes the page as one HTML file; an existing file is replaced as a whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="settings">What was run, one line.</param>
    public void WriteHtml(string path, string settings) => WriteHtml(path, settings, []);

    internal void WriteHtml(string path, string settings, IReadOnlyCollection<(Cell Cell, string Error)> failed) =>
        AtomicFile.Write(path, file => file.Write(Encoding.UTF8.GetBytes(StudyHtml.Of(this, settings, failed))));
}
