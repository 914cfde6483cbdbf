namespace PaT.Studies;

/// <summary>A question, the cells that answer it, and the page with the answer.</summary>
public interface IStudy
{
    /// <summary>The name of the command and of the files.</summary>
    string Name { get; }

    /// <summary>The columns of its CSV file.</summary>
    IReadOnlyList<CsvColumn> Columns { get; }

    /// <summary>
    /// The cells. Some depend on the results of others, such as controls with the size of a run's network, so the
    /// runner reads them again after each result.
    /// </summary>
    IEnumerable<Cell> Cells(CellResults results);

    /// <summary>The answer from the cells that are finished.</summary>
    StudyPage Page(CellResults results);
}
