using System.Text;
using System.Xml.Linq;

namespace PaT.Studies;

/// <summary>Results of a study.</summary>
/// <param name="Title">The question.</param>
/// <param name="Lead">The answer in a few sentences with numbers.</param>
/// <param name="Tables">Tables.</param>
/// <param name="Charts">Charts; null for a chart without points.</param>
public sealed record StudyPage(
    string Title, string Lead, IReadOnlyList<StudyTable> Tables, IReadOnlyList<XElement?> Charts)
{
    /// <summary>Writes the page as one HTML file. Replaces an existing file atomically.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="settings">Settings, one line.</param>
    public void WriteHtml(string path, string settings) => WriteHtml(path, settings, []);

    internal void WriteHtml(string path, string settings, IReadOnlyCollection<(Cell Cell, string Error)> failed) =>
        AtomicFile.Write(path, file => file.Write(Encoding.UTF8.GetBytes(StudyHtml.Of(this, settings, failed))));
}
