namespace PaT.Studies;

/// <summary>The finished and the failed cells of a study.</summary>
public sealed class CellResults
{
    private readonly Dictionary<string, CellResult> _finished = [];
    private readonly Dictionary<string, (Cell Cell, string Error)> _failed = [];

    /// <summary>The cells without a result, each with its error in one line.</summary>
    public IReadOnlyCollection<(Cell Cell, string Error)> Failed => _failed.Values;

    /// <summary>The result of a cell; null if there is none.</summary>
    public CellResult? this[Cell cell] => _finished.GetValueOrDefault(cell.Id);

    /// <summary>Adds a result.</summary>
    public void Finish(Cell cell, CellResult result) => _finished[cell.Id] = result;

    /// <summary>Adds a cell that has no result.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="error">The reason in one line.</param>
    public void Fail(Cell cell, string error) => _failed[cell.Id] = (cell, error);

    /// <summary>Whether a cell is finished or has failed.</summary>
    public bool IsSettled(Cell cell) => _finished.ContainsKey(cell.Id) || _failed.ContainsKey(cell.Id);
}
