namespace Microsoft.ML.PaT.Samples;

/// <summary>Finds out whether a cell can run, without running it: its command line is parsed, its options are validated, its target is held against the network.</summary>
internal static class CellCheck
{
    /// <summary>What is wrong with a cell; null when nothing is.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="classes">Classes of the pictures.</param>
    public static string? Error(Cell cell, int classes)
    {
        try
        {
            // Files of other cells are not there yet.
            var arguments = cell.Arguments.Where(a => !a.Value.StartsWith(Cell.Reference)).ToDictionary();
            var options = TrainCommand.Options(CellCommand.CommandLine(arguments, data: ".", folder: "."));
            OptionsValidator.Validate(options);
            var definition = options.Network.Build(options.Network.StandardInput, classes);
            // What a latency can reach only the device knows.
            if (options.Pruning.Policy is not NeverPolicy && options.Pruning.Target.Kind != PruningTargetKind.Latency)
            {
                new TargetPlanner(options.Pruning, ChannelGroups.Of(definition), options.Pruning.RoundTo ?? 1).RequireReachable(definition.Name);
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
    /// <param name="classes">Classes of the pictures.</param>
    /// <exception cref="ImpossibleCellsException">There are some; the message lists them all.</exception>
    public static void RequirePossible(IReadOnlyCollection<Cell> cells, int classes)
    {
        var impossible = cells.Select(cell => (cell.Name, Error: Error(cell, classes))).Where(c => c.Error is not null).ToList();
        if (impossible.Count > 0)
        {
            throw new ImpossibleCellsException(
                $"{impossible.Count} of {cells.Count} cells cannot run, so none was started: {string.Join("; ", impossible.Select(c => $"[{c.Name}] {c.Error}"))}");
        }
    }
}
