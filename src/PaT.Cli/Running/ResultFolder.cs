namespace PaT.Cli;

/// <summary>The folder for the models and the reports of a run.</summary>
/// <remarks>
/// Results are written to a folder inside it and moved when they are complete. The results of an earlier run stay until
/// then.
/// </remarks>
internal sealed class ResultFolder : IDisposable
{
    /// <summary>The files, for the help.</summary>
    public const string Files = "model.zip, model.pat, compact.onnx, report.json, report.html and recipe.json";

    private const string Dense = "dense.onnx", Compact = "compact.onnx";

    private readonly string _folder;
    private readonly List<string> _made;
    private readonly FolderLock? _lock;

    private ResultFolder(string folder, List<string> made, FolderLock? taken) =>
        (_folder, _made, _lock) = (folder, made, taken);

    /// <summary>The ML.NET model.</summary>
    public string Model => Path.Combine(_folder, "model.zip");

    private string Archive => Path.Combine(_folder, "model.pat");

    private string Json => Path.Combine(_folder, "report.json");

    private string Html => Path.Combine(_folder, "report.html");

    private string Recipe => Path.Combine(_folder, "recipe.json");

    private string[] All =>
        [Model, Archive, Path.Combine(_folder, Dense), Path.Combine(_folder, Compact), Json, Html, Recipe];

    /// <summary>
    /// Opens a folder, checks that it can be written to, and reserves it for this process until it is disposed, so
    /// that two commands never mix their results.
    /// </summary>
    /// <exception cref="InvalidFileException">Another command uses the folder.</exception>
    /// <exception cref="IOException">The folder cannot be created or written to.</exception>
    public static ResultFolder Open(string folder)
    {
        var made = Missing(folder);
        try
        {
            OutputFolder.Make(folder);
            var probe = Path.Combine(folder, ".probe.tmp");
            File.WriteAllText(probe, "");
            File.Delete(probe);
            if (new ResultFolder(folder, made, taken: null).All.FirstOrDefault(Directory.Exists) is { } taken)
                throw new IOException($"{Path.GetFileName(taken)} in it is a folder");
            return new ResultFolder(folder, made, FolderLock.Take(folder));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"cannot write to the folder {folder}: {OneLine.Of(e.Message)}; give another one with --out", e);
        }
    }

    /// <summary>
    /// Writes the results of a run, tests it, and then replaces the results of an earlier run. A run that was stopped
    /// is not tested, and does not replace the results of a finished run.
    /// </summary>
    /// <param name="say">Receives a line, also before an exception: which results of this run the folder has.</param>
    /// <returns>Whether the folder has the results of this run.</returns>
    /// <exception cref="IOException">The model does not fit on the disk. If there are no earlier results, the folder
    /// has those files that could be written.</exception>
    public bool Complete(TrainingRun run, Action<string> say)
    {
        var isFirst = Finished is null;
        if (run.Report.Stopped && !isFirst)
        {
            say($"{_folder} keeps the results of the earlier run, which was finished");
            return false;
        }
        if (run.Report is { Stopped: true, Epochs.Count: 0 })
        {
            say("stopped before the first step, so there is nothing to write");
            return false;
        }
        if (run.Report.Stopped) say("writing what is finished");
        var next = new ResultFolder(Path.Combine(_folder, ".unfinished"), [], taken: null);
        if (Directory.Exists(next._folder)) Directory.Delete(next._folder, recursive: true); // of a killed run
        Directory.CreateDirectory(next._folder);
        var taken = new List<string>();
        try
        {
            try
            {
                next.Write(run, say);
            }
            catch when (!isFirst)
            {
                Directory.Delete(next._folder, recursive: true);
                throw;
            }
            finally
            {
                if (Directory.Exists(next._folder)) Take(next, taken);
            }
        }
        catch
        {
            say(taken.Count == 0
                ? $"{_folder} has no results of this run"
                : $"{_folder} has only {string.Join(", ", taken)} of this run");
            throw;
        }
        return true;
    }

    /// <summary>The report of a finished run whose results are complete; null for none.</summary>
    public RunReport? Finished
    {
        get
        {
            try
            {
                return Array.TrueForAll([Json, Html, Model, Archive, Recipe], File.Exists)
                    && RunReport.ReadJson(Json) is { Stopped: false, Test: not null } report
                    && File.Exists(Onnx(report))
                        ? report
                        : null;
            }
            catch (Exception e) when (e is PaTException or IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    /// <summary>Writes the reports.</summary>
    /// <param name="reference">The dense run to compare with; null for none.</param>
    public void WriteReports(RunReport report, RunReport? reference)
    {
        report.WriteJson(Json);
        HtmlReport.Write(report, Html, reference);
    }

    /// <summary>A line with the files.</summary>
    public string Written(RunReport report) => $"written: {Model}, {Archive}, {Onnx(report)}, {Json}, {Html}, {Recipe}";

    /// <summary>
    /// Releases the folder. Deletes the folders that <see cref="Open"/> created and that contain nothing but a lock,
    /// after a command failed.
    /// </summary>
    public void Dispose()
    {
        _lock?.Dispose();
        foreach (var folder in _made)
        {
            if (!Directory.Exists(folder) || !FolderLock.IsEmpty(folder)) return;
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The folder and those above it that do not exist, the innermost first.</summary>
    private static List<string> Missing(string folder)
    {
        var missing = new List<string>();
        for (var at = Path.GetFullPath(folder); at is not null && !Path.Exists(at); at = Path.GetDirectoryName(at))
            missing.Add(at);
        return missing;
    }

    private void Write(TrainingRun run, Action<string> say)
    {
        // The archive first: everything else can be made from it if the disk becomes full.
        try
        {
            run.SaveArchive(Archive);
            run.SaveOnnx(Onnx(run.Report));
            run.SaveModel(Model);
        }
        finally
        {
            run.Recipe.Write(Recipe);
            WriteReports(run.Report, reference: null);
            if (!run.Report.Stopped)
            {
                run.Evaluate(say);
                WriteReports(run.Report, reference: null);
            }
        }
    }

    // A kill within leaves no report, so that the files of two runs never count as finished results.
    private void Take(ResultFolder next, List<string> taken)
    {
        File.Delete(Json);
        foreach (var file in Directory.GetFiles(next._folder).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(file);
            File.Move(file, Path.Combine(_folder, name), overwrite: true);
            taken.Add(name);
        }
        Directory.Delete(next._folder, recursive: true);
        // An earlier run may have left the other file.
        if (Finished is { } report) File.Delete(Path.Combine(_folder, report.Compact is null ? Compact : Dense));
    }

    private string Onnx(RunReport report) =>
        Path.Combine(_folder, report.Compact is null ? Dense : Compact);
}
