namespace Microsoft.ML.PaT;

/// <summary>The base of every error that this library names. Its message says what is wrong, where, and what to do.</summary>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="innerException">The cause, if another exception is.</param>
public abstract class PaTException(string message, Exception? innerException = null) : Exception(message, innerException);
