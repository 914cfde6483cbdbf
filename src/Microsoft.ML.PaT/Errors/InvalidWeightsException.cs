namespace Microsoft.ML.PaT;

/// <summary>Weights do not belong to the network they were given for: tensors are missing, of another shape, or unknown.</summary>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="innerException">The cause, if another exception is.</param>
public sealed class InvalidWeightsException(string message, Exception? innerException = null) : PaTException(message, innerException);
