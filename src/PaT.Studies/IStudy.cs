namespace PaT.Studies;

/// <summary>A question, the cells that answer it, and the page with the answer.</summary>
public interface IStudy
{
    /// <summary>The name of the command and of the files.</summary>
    string Name { get; }

    /// <summary>The columns of its CSV file.</summary>
    IReadOnlyList<CsvColumn> Columns { get; }

    /// <summary>
    /// The cells. Some depend on the results of others, such as controls of the size that a run ended with, so the
    /// runner asks again after each result.
    /// </summary>
    IEnumerable<Cell> Cells(CellResults results);

    /// <summary>The answer, as far as the finished cells give it.</summary>
    StudyPage Page(CellResults results);
}
