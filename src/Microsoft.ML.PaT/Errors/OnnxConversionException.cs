namespace Microsoft.ML.PaT;

/// <summary>ML.NET's <c>ConvertToOnnx</c> was called on a pipeline with an image classifier of this library; the message names what to call instead.</summary>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="innerException">The cause, if another exception is.</param>
public sealed class OnnxConversionException(string message, Exception? innerException = null) : PaTException(message, innerException);
