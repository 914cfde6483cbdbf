namespace PaT.Studies;

/// <summary>A cell ended without a result.</summary>
/// <param name="message">The error of the cell.</param>
/// <param name="innerException">The cause, if another exception is.</param>
public sealed class CellFailedException(string message, Exception? innerException = null)
    : PaTException(StudyErrorCodes.CellFailed, message, innerException);
