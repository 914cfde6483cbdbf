using System.Xml.Linq;

namespace PaT.Cli;

/// <summary>What a study found: words, tables and charts.</summary>
/// <param name="Title">The question.</param>
/// <param name="Lead">The answer in a few sentences, with what it rests on.</param>
/// <param name="Tables">The numbers.</param>
/// <param name="Charts">The figures; null for one without a point.</param>
internal sealed record StudyPage(string Title, string Lead, IReadOnlyList<StudyTable> Tables, IReadOnlyList<XElement?> Charts);
