using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Runs exported models in ONNX Runtime on one thread.</summary>
internal static class OnnxModels
{
    /// <param name="classifier">The classifier.</param>
    /// <param name="options">Export options.</param>
    /// <param name="input">Bytes or floats, depending on the options; [n,C,H,W].</param>
    /// <returns>Scores or logits, [n,classes], and predicted classes, [n].</returns>
    public static (float[] Scores, long[] Classes) Run<T>(
        ImageClassifier classifier, OnnxExportOptions options, T[] input)
        where T : unmanaged
    {
        using var model = new MemoryStream();
        classifier.SaveOnnx(model, options);
        return Run(model.ToArray(), input, classifier.Input);
    }

    /// <param name="model">Content of the file.</param>
    /// <param name="input">[n,C,H,W].</param>
    /// <param name="shape">Shape of an image.</param>
    public static (float[] Scores, long[] Classes) Run<T>(byte[] model, T[] input, ImageShape shape) where T : unmanaged
    {
        using var session = OnnxFiles.Session(model);
        using var run = new RunOptions();
        using var images = OrtValue.CreateTensorValueFromMemory(
            input, [input.Length / shape.Size, shape.Channels, shape.Height, shape.Width]);
        using var outputs = session.Run(run, session.InputNames, [images], session.OutputNames);
        return (outputs[0].GetTensorDataAsSpan<float>().ToArray(), outputs[1].GetTensorDataAsSpan<long>().ToArray());
    }
}
