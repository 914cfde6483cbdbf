namespace PaT.Cli;

/// <summary>
/// A file given to a command has other content than the command needs. The message says what was expected.
/// </summary>
/// <param name="innerException">The cause, if another exception is.</param>
internal sealed class InvalidInputFileException(string message, Exception? innerException = null)
    : PaTException(CliErrorCodes.InputFileInvalid, message, innerException);
