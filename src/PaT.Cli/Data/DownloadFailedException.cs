namespace PaT.Cli;

/// <summary>A file could not be fetched; the message says from where and why.</summary>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="innerException">The cause, if another exception is.</param>
internal sealed class DownloadFailedException(string message, Exception? innerException = null)
    : PaTException(CliErrorCodes.DownloadFailed, message, innerException);
