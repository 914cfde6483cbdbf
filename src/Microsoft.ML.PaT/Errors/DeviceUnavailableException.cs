namespace Microsoft.ML.PaT;

/// <summary>A GPU was asked for and there is none that can be used.</summary>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="innerException">The cause, if another exception is.</param>
public sealed class DeviceUnavailableException(string message, Exception? innerException = null) : PaTException(message, innerException);
