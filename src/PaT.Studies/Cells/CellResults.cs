namespace PaT.Studies;

/// <summary>The cells of a study that are finished, and those that failed.</summary>
public sealed class CellResults
{
    private readonly Dictionary<string, CellResult> _finished = [];
    private readonly Dictionary<string, (Cell Cell, string Error)> _failed = [];

    /// <summary>The cells without a result, with one line each that says why.</summary>
    public IReadOnlyCollection<(Cell Cell, string Error)> Failed => _failed.Values;

    /// <summary>The result of a cell; null while there is none.</summary>
    /// <param name="cell">The cell.</param>
    public CellResult? this[Cell cell] => _finished.GetValueOrDefault(cell.Id);

    /// <summary>Takes in a result.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="result">Its result.</param>
    public void Finish(Cell cell, CellResult result) => _finished[cell.Id] = result;

    /// <summary>Notes that a cell has no result.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="error">Why, one line.</param>
    public void Fail(Cell cell, string error) => _failed[cell.Id] = (cell, error);

    /// <summary>Whether a cell is done with, either way.</summary>
    /// <param name="cell">The cell.</param>
    public bool IsSettled(Cell cell) => _finished.ContainsKey(cell.Id) || _failed.ContainsKey(cell.Id);
}
