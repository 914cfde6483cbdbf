namespace PaT.Studies;

/// <summary>A cell ended without a result; the message is the cell's own.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="innerException">The cause, if another exception is.</param>
public sealed class CellFailedException(string message, Exception? innerException = null) : PaTException(message, innerException);
