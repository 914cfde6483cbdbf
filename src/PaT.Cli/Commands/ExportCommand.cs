using System.CommandLine;

namespace PaT.Cli;

/// <summary><c>pat export</c>: exports an archive as an ONNX model.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var model = new Option<string?>("--model")
        {
            Description = "The native archive (.pat) that train wrote", HelpName = "FILE", Required = true,
        };
        var file = new Option<string>("--out")
        {
            Description = "The ONNX model to write", HelpName = "FILE", Required = true,
        };
        var input = new Option<string>("--input")
        {
            Description = "Input of the model: pixels 0 to 255 as bytes or floats, or normalized floats",
            HelpName = "bytes|floats|normalized",
            DefaultValueFactory = _ => "bytes",
        };
        var logits = new Option<bool>("--logits") { Description = "Leave out the softmax" };
        var int8 = new Option<bool>("--int8") { Description = "Quantize to 8-bit integers; needs --calibration" };
        var calibration = new Option<string?>("--calibration")
        {
            Description = "For --int8: a folder with a few hundred images like those that the model will see",
            HelpName = "DIR",
        };
        input.OneOf("bytes", "floats", "normalized");
        const string Description = "Write an archive as an ONNX model: input [N,3,H,W], output scores [N,classes].";
        var command = new Command("export", Description)
        {
            model, file, input, logits, int8, calibration,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(int8) is null != result.GetResult(calibration) is null)
                result.AddError("--int8 and --calibration DIR go together: quantization needs images");
            if (result.GetValue(file) is { } path && !NetworkFile.IsOnnx(path))
                result.AddError($"--out must end with .onnx, but is '{path}'");
            if (NetworkFile.IsSame(result.GetValue(model), result.GetValue(file)))
                result.AddError("--out is the file that --model reads: give another one");
        });
        command.SetAction((parsed, cancellation) =>
        {
            var io = parsed.InvocationConfiguration;
            var source = parsed.ExistingFile(model)!;
            if (!NetworkFile.IsArchive(source) && File.Exists(source))
            {
                throw new InvalidInputFileException(
                    $"{source} is not an archive: give the model.pat that train or quickstart wrote");
            }
            using var classifier = ImageClassifier.Load(source);
            var options = new OnnxExportOptions
            {
                Input = Enum.Parse<OnnxInput>(parsed.GetRequiredValue(input), ignoreCase: true),
                Softmax = !parsed.GetValue(logits),
                CalibrationImages = parsed.GetValue(calibration) is { } folder ? Images(folder) : default,
            };
            var path = parsed.GetRequiredValue(file);
            classifier.SaveOnnx(path, options);
            io.Output.WriteLine(FormattableString.Invariant($"written: {path}, {new FileInfo(path).Length:N0} bytes"));
            return Task.FromResult(0);

            byte[] Images(string folder) => CalibrationFolder.Read(
                folder, classifier.Input, classifier.Resizing, io.Error.WriteLine, cancellation);
        });
        return command;
    }
}
