using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Budget;
using Microsoft.ML.PaT.Recipe;

namespace PaT.Cli;

/// <summary>Finds out whether a cell can run, without running it: its command line is parsed, its options are validated, its target is held against the network.</summary>
/// <param name="classes">Classes of the images.</param>
/// <param name="side">Height and width that all images have, in pixels; null where they are resized to what a network takes.</param>
internal sealed class CellCheck(int classes, int? side)
{
    /// <summary>What is wrong with a cell; null when nothing is.</summary>
    /// <param name="cell">The cell.</param>
    public string? Error(Cell cell)
    {
        try
        {
            // Files of other cells are not there yet.
            var arguments = cell.Arguments.Where(a => !a.Value.StartsWith(Cell.Reference)).ToDictionary();
            var options = TrainCommand.Options(CellCommand.CommandLine(arguments, data: ".", folder: "."));
            OptionsValidator.Validate(options);
            var standard = options.Network.StandardInput;
            var shape = standard with { Height = options.Images.Height ?? standard.Height, Width = options.Images.Width ?? standard.Width };
            if (side is { } pixels && (shape.Height, shape.Width) != (pixels, pixels))
            {
                return $"network '{options.Network}' takes images of {shape.Height}x{shape.Width} pixels, and these have {pixels}x{pixels}: give --size {pixels} after --";
            }

            var definition = options.Network.Build(shape, classes);
            // What a latency can reach only the device knows.
            if (options.Pruning.Policy is not NeverPolicy && options.Pruning.Target.Kind != PruningTargetKind.Latency)
            {
                new TargetPlanner(options.Pruning.Budget, ChannelGroups.Of(definition), options.Pruning.RoundTo ?? 1).RequireReachable(definition.Name);
            }

            return null;
        }
        catch (PaTException e)
        {
            return OneLine.Of(e);
        }
    }

    /// <summary>Refuses a grid with impossible cells.</summary>
    /// <param name="cells">The cells.</param>
    /// <exception cref="ImpossibleCellsException">There are some; the message lists them all.</exception>
    public void RequirePossible(IReadOnlyCollection<Cell> cells)
    {
        var impossible = cells.Select(cell => (cell.Name, Error: Error(cell))).Where(c => c.Error is not null).ToList();
        if (impossible.Count > 0)
        {
            throw new ImpossibleCellsException(
                $"{impossible.Count} of {cells.Count} cells cannot run, so none was started: {string.Join("; ", impossible.Select(c => $"[{c.Name}] {c.Error}"))}");
        }
    }
}
