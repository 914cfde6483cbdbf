namespace PaT.Studies;

/// <summary>Runs cells.</summary>
public interface ICellRunner
{
    /// <summary>Runs a cell and leaves its result in its folder.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="folder">Its folder, which exists and describes it.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <exception cref="CellFailedException">There is no result.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    Task RunAsync(Cell cell, CellFolder folder, CancellationToken cancellation);
}
