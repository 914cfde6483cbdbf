namespace PaT.Studies;

/// <summary>Runs cells.</summary>
public interface ICellRunner
{
    /// <summary>Runs a cell and writes its result to its folder.</summary>
    /// <param name="cancellation">Stops the run.</param>
    /// <exception cref="CellFailedException">The run has no result.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    Task RunAsync(Cell cell, CellFolder folder, CancellationToken cancellation);
}
