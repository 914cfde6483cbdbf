namespace Microsoft.ML.PaT;

/// <summary>
/// Training in several processes cannot start or cannot go on: MPI is missing or does not fit its launcher, the ranks have different inputs, or a rank
/// is lost or hangs.
/// </summary>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="innerException">The cause, if another exception is.</param>
public sealed class DistributedException(string message, Exception? innerException = null) : PaTException(message, innerException);
