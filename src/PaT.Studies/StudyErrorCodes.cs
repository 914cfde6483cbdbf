namespace PaT.Studies;

/// <summary>The codes of errors that only studies have. docs/errors.md lists meanings and cures.</summary>
public static class StudyErrorCodes
{
    /// <summary>A training run of a study failed.</summary>
    public const string CellFailed = "cell-failed";

    /// <summary>Runs of a study have options that cannot work together.</summary>
    public const string CellsImpossible = "cells-impossible";

    /// <summary>No published plan has the name given.</summary>
    public const string PlanUnknown = "plan-unknown";
}
