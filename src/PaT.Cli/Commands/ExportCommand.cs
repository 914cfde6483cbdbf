using System.CommandLine;
using Microsoft.ML.PaT.Serving;

namespace PaT.Cli;

/// <summary><c>pat export</c>: an archive as an ONNX model.</summary>
internal static class ExportCommand
{
    private static readonly Option<string> Archive = new("--archive") { Description = "The native archive (.pat) that train wrote", HelpName = "FILE", Required = true };
    private static readonly Option<string> Onnx = new("--onnx") { Description = "The ONNX model to write", HelpName = "FILE", Required = true };
    private static readonly Option<string> Input = new("--input") { Description = "What goes into the model: pixels as bytes or as floats, 0 to 255, or floats that are normalized already", DefaultValueFactory = _ => "bytes" };
    private static readonly Option<bool> WithLogits = new("--logits") { Description = "Leave out the softmax" };
    private static readonly Option<bool> Int8 = new("--int8") { Description = "Compute in 8-bit integers; needs --calibration" };
    private static readonly Option<string?> Calibration = new("--calibration") { Description = "For --int8: a folder of images such as the model will see, a few hundred; labels do not matter", HelpName = "DIR" };

    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        Input.AcceptOnlyFromAmong("bytes", "floats", "normalized");
        var command = new Command("export", "Write an archive as an ONNX model: input [N,3,H,W] to scores [N,classes].") { Archive, Onnx, Input, WithLogits, Int8, Calibration };
        command.Validators.Add(result =>
        {
            if (result.GetResult(Int8) is null != result.GetResult(Calibration) is null)
            {
                result.AddError("--int8 and --calibration DIR go together: integers need images to find their ranges");
            }
        });
        command.SetAction((parsed, cancellation) =>
        {
            var io = parsed.InvocationConfiguration;
            using var classifier = ImageClassifier.Load(parsed.GetRequiredValue(Archive));
            var options = new OnnxExportOptions
            {
                Input = Enum.Parse<OnnxInput>(parsed.GetRequiredValue(Input), ignoreCase: true),
                Softmax = !parsed.GetValue(WithLogits),
                CalibrationImages = parsed.GetValue(Calibration) is { } folder ? CalibrationFolder.Read(folder, classifier.Input, classifier.Resizing, io.Error.WriteLine, cancellation) : default,
            };
            var file = parsed.GetRequiredValue(Onnx);
            classifier.SaveOnnx(file, options);
            io.Output.WriteLine(FormattableString.Invariant($"written: {file}, {new FileInfo(file).Length:N0} bytes"));
            return Task.FromResult(0);
        });
        return command;
    }
}
