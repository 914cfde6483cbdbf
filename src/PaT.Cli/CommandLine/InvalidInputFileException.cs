namespace PaT.Cli;

/// <summary>
/// A file given to a command does not hold what the command needs; the message says what was expected.
/// </summary>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="innerException">The cause, if another exception is.</param>
internal sealed class InvalidInputFileException(string message, Exception? innerException = null)
    : PaTException(CliErrorCodes.InputFileInvalid, message, innerException);
