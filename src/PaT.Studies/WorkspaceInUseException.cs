namespace PaT.Studies;

/// <summary>Another process works in the folder.</summary>
/// <param name="message">Which process, and what to do.</param>
/// <param name="innerException">The error of the operating system.</param>
public sealed class WorkspaceInUseException(string message, Exception innerException)
    : PaTException(ErrorCodes.FolderInUse, message, innerException);
