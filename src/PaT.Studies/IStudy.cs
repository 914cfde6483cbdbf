namespace PaT.Studies;

/// <summary>A question, as the cells that answer it and the page that says how.</summary>
public interface IStudy
{
    /// <summary>The command's name: what its files are called.</summary>
    string Name { get; }

    /// <summary>
    /// The cells. Some can be named only when others are finished, such as controls of the size that a run ended with: the study asks again after each.
    /// </summary>
    /// <param name="results">What there is so far.</param>
    IEnumerable<Cell> Cells(CellResults results);

    /// <summary>The answer, as far as the finished cells give it.</summary>
    /// <param name="results">What there is.</param>
    StudyPage Page(CellResults results);
}
