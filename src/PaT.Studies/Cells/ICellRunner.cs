namespace PaT.Studies;

/// <summary>Carries a cell out.</summary>
public interface ICellRunner
{
    /// <summary>Runs a cell and leaves its result in its folder.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="folder">Its folder, which exists and holds its options.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="CellFailedException">There is no result.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    Task RunAsync(Cell cell, CellFolder folder, CancellationToken cancellation);
}
