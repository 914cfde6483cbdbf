using System.CommandLine;

namespace PaT.Cli;

/// <summary><c>pat study</c>: grids of training runs, and calculations of the indicator and the schedules.</summary>
internal static class StudyCommand
{
    public static Command Create() => new(
        "study", "Compare many training runs to answer questions about pruning; print indicators and schedules.")
    {
        OracleCommand.Create(),
        RetrainingCommand.Create(),
        CompareCommand.Create(),
        IndicatorCommand.Create(),
        ScheduleCommand.Create(),
        CellCommand.Create(),
    };
}
