namespace Microsoft.ML.PaT;

/// <summary>A file is no ONNX model, is truncated or damaged, or keeps its weights in other files.</summary>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="innerException">The cause, if another exception is.</param>
public sealed class InvalidOnnxFileException(string message, Exception? innerException = null) : PaTException(message, innerException);
