namespace PaT.Studies;

/// <summary>A study has cells that cannot run, so none was started.</summary>
/// <param name="message">What is wrong with each.</param>
public sealed class ImpossibleCellsException(string message) : PaTException(StudyErrorCodes.CellsImpossible, message);
