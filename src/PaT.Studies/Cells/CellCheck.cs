namespace PaT.Studies;

/// <summary>Checks whether cells can run, without running them.</summary>
/// <param name="images">The images of the study.</param>
public sealed class CellCheck(StudyImages images)
{
    /// <summary>Returns the error of a cell, or null.</summary>
    public string? Error(Cell cell)
    {
        if (cell.Problem is not null) return cell.Problem;
        try
        {
            var options = cell.Options;
            var standard = options.Network!.StandardInput;
            var (height, width) = (options.Images.Height ?? standard.Height, options.Images.Width ?? standard.Width);
            if (images.Side is { } pixels && (height, width) != (pixels, pixels))
            {
                return $"network '{options.Network}' takes images of {height}x{width} pixels, and these have "
                    + $"{pixels}x{pixels}: give --size {pixels}";
            }
            options.Validate(images.Classes);
            return null;
        }
        catch (PaTException e)
        {
            return e.Message.ReplaceLineEndings("; ");
        }
    }

    /// <summary>Throws if the grid has cells that cannot run.</summary>
    /// <exception cref="ImpossibleCellsException">Some cells cannot run; the message names them.</exception>
    public void RequirePossible(IReadOnlyCollection<Cell> cells)
    {
        var impossible = cells.Select(cell => (cell.Name, Error: Error(cell))).Where(c => c.Error is not null).ToList();
        if (impossible.Count == 0) return;
        var reasons = impossible.GroupBy(c => c.Error!.TrimEnd('.'), c => c.Name).Select(reason =>
            $"{reason.Key} [{reason.First()}{(reason.Skip(1).Any() ? $" and {reason.Count() - 1} more" : "")}]");
        throw new ImpossibleCellsException(
            $"{impossible.Count} of {cells.Count} cells cannot run, so none was started: {string.Join("; ", reasons)}");
    }
}
