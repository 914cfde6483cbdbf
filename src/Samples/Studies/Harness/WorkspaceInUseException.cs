namespace Microsoft.ML.PaT.Samples;

/// <summary>Another study works in the folder; the message says which.</summary>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="innerException">The cause.</param>
internal sealed class WorkspaceInUseException(string message, Exception? innerException = null) : PaTException(message, innerException);
