namespace Microsoft.ML.PaT;

/// <summary>A plan or a list of widths cannot be read, or is not one for the network it was given for.</summary>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="innerException">The cause, if another exception is.</param>
public sealed class InvalidPlanException(string message, Exception? innerException = null) : PaTException(message, innerException);
