namespace Microsoft.ML.PaT;

/// <summary>One or more options are out of their range or contradict each other; the message lists all of them.</summary>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="innerException">The cause, if another exception is.</param>
public sealed class InvalidOptionsException(string message, Exception? innerException = null) : PaTException(message, innerException);
