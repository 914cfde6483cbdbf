namespace Microsoft.ML.PaT;

/// <summary>A column is missing, or has a type that cannot be used; the message names the column, what was expected and what was found.</summary>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="innerException">The cause, if another exception is.</param>
public sealed class InvalidColumnException(string message, Exception? innerException = null) : PaTException(message, innerException);
