using Microsoft.ML.PaT.Reporting;

namespace PaT.Cli;

/// <summary>The folder for the models and the reports of a run.</summary>
internal sealed class ResultFolder
{
    /// <summary>The files, for the help.</summary>
    public const string Files = "model.zip, model.pat, compact.onnx, report.json, report.html and recipe.json";

    private const string Dense = "dense.onnx", Compact = "compact.onnx";

    private readonly string _folder;

    private ResultFolder(string folder) => _folder = folder;

    /// <summary>The ML.NET model.</summary>
    public string Model => Path.Combine(_folder, "model.zip");

    private string Archive => Path.Combine(_folder, "model.pat");

    private string Json => Path.Combine(_folder, "report.json");

    private string Html => Path.Combine(_folder, "report.html");

    private string Recipe => Path.Combine(_folder, "recipe.json");

    /// <summary>
    /// Opens a folder and checks that it can be written to, before hours are spent on what goes into it.
    /// </summary>
    /// <exception cref="IOException">It cannot be made or written to.</exception>
    public static ResultFolder Open(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var probe = Path.Combine(folder, ".probe.tmp");
            File.WriteAllText(probe, "");
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"cannot write to the folder {folder}: {e.Message}; give another one with --out", e);
        }
        return new ResultFolder(folder);
    }

    /// <summary>
    /// Writes the results of a run, then tests it and writes the reports again, so that nothing finished is lost.
    /// </summary>
    /// <param name="run">The run; one that was stopped is not tested.</param>
    /// <param name="say">Receives a line.</param>
    /// <exception cref="IOException">The model does not fit on the disk; the reports do.</exception>
    public void Complete(TrainingRun run, Action<string> say)
    {
        run.Recipe.Write(Recipe);
        WriteReports(run.Report, reference: null);
        try
        {
            run.SaveModel(Model);
            run.SaveArchive(Archive);
            run.SaveOnnx(Onnx(run.Report));
            // An earlier run into this folder may have left the other one.
            File.Delete(Path.Combine(_folder, run.Report.Compact is null ? Compact : Dense));
        }
        finally
        {
            if (!run.Report.Stopped)
            {
                run.Evaluate(say);
                WriteReports(run.Report, reference: null);
            }
        }
    }

    /// <summary>Writes the reports.</summary>
    /// <param name="report">The run.</param>
    /// <param name="reference">The dense run to compare with; null for none.</param>
    public void WriteReports(RunReport report, RunReport? reference)
    {
        report.WriteJson(Json);
        HtmlReport.Write(report, reference, Html);
    }

    /// <summary>A line with the files.</summary>
    public string Written(RunReport report) => $"written: {Model}, {Archive}, {Onnx(report)}, {Json}, {Html}, {Recipe}";

    private string Onnx(RunReport report) =>
        Path.Combine(_folder, report.Compact is null ? Dense : Compact);
}
