namespace PaT.Cli;

/// <summary>A file could not be downloaded; the message says from where and why.</summary>
/// <param name="innerException">The cause, if another exception is.</param>
internal sealed class DownloadFailedException(string message, Exception? innerException = null)
    : PaTException(CliErrorCodes.DownloadFailed, message, innerException);
