using Microsoft.ML.PaT.Reporting;

namespace PaT.Cli;

/// <summary>The folder that receives the models and the reports of a run.</summary>
internal sealed class ResultFolder
{
    private readonly string _folder;

    private ResultFolder(string folder) => _folder = folder;

    /// <summary>The saved model.</summary>
    public string Model => Path.Combine(_folder, "model.zip");

    /// <summary>The native archive.</summary>
    public string Archive => Path.Combine(_folder, "model.pat");

    /// <summary>The ONNX model, named after what it is.</summary>
    /// <param name="report">The run.</param>
    public string Onnx(RunReport report) => Path.Combine(_folder, report.Compact is null ? "dense.onnx" : "compact.onnx");

    /// <summary>The report for programs.</summary>
    public string Json => Path.Combine(_folder, "report.json");

    /// <summary>The report for people.</summary>
    public string Html => Path.Combine(_folder, "report.html");

    /// <summary>Opens a folder and makes sure that it can be written to, before hours are spent on what goes into it.</summary>
    /// <param name="folder">Its path; made when it is not there.</param>
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

    /// <summary>Writes what a run has given, then tests it and writes the result too: what is finished is on disk before anything else can go wrong.</summary>
    /// <param name="run">The run; one that was stopped is not tested.</param>
    /// <param name="say">Receives a line about what happens.</param>
    /// <exception cref="IOException">The model does not fit on the disk; the reports are there all the same.</exception>
    public void Complete(TrainingRun run, Action<string> say)
    {
        WriteReports(run.Report, reference: null);
        try
        {
            run.SaveModel(Model);
            run.SaveArchive(Archive);
            run.SaveOnnx(Onnx(run.Report));
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
    /// <param name="reference">The dense run beside it; null for none.</param>
    public void WriteReports(RunReport report, RunReport? reference)
    {
        report.WriteJson(Json);
        HtmlReport.Write(report, reference, Html);
    }
}
