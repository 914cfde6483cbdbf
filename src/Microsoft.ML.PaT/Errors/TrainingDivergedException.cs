namespace Microsoft.ML.PaT;

/// <summary>The loss is no longer a finite number; the message says at which step and learning rate, and what to try.</summary>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="innerException">The cause, if another exception is.</param>
public sealed class TrainingDivergedException(string message, Exception? innerException = null) : PaTException(message, innerException);
