using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Microsoft.ML.PaT.Tests;

/// <summary>ONNX Runtime in a process of its own (test/onnx): models are collected, then all run in that one process.</summary>
internal sealed class OnnxRuntime : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pat-onnx-").FullName;
    private readonly List<object> _jobs = [];

    private OnnxRuntime()
    {
    }

    /// <summary>Opens it, or skips the test where the machine lacks it.</summary>
    public static OnnxRuntime OrIgnore()
    {
        if (!Directory.Exists(Path.Combine(Scripts(), "node_modules", "onnxruntime-node")))
            Assert.Ignore("this machine has no ONNX Runtime for Node.js; with Node.js 20 or later: cd test/onnx && npm ci --ignore-scripts");
        return new();
    }

    /// <summary>Adds a model and what to feed it.</summary>
    /// <param name="save">Writes the model to a path.</param>
    /// <param name="pictures">Values of the input: bytes or floats.</param>
    /// <param name="shape">Its shape.</param>
    public void Add<T>(Action<string> save, ReadOnlySpan<T> pictures, params long[] shape) where T : unmanaged
    {
        var (model, input, output) = (File(_jobs.Count, "onnx"), File(_jobs.Count, "in"), File(_jobs.Count, "out"));
        save(model);
        System.IO.File.WriteAllBytes(input, MemoryMarshal.AsBytes(pictures).ToArray());
        _jobs.Add(new { model, input, type = typeof(T) == typeof(byte) ? "uint8" : "float32", shape, output });
    }

    /// <summary>Runs all models.</summary>
    /// <returns>The output of each, in the order they were added.</returns>
    public float[][] Run()
    {
        var list = Path.Combine(_folder, "jobs.json");
        System.IO.File.WriteAllText(list, JsonSerializer.Serialize(_jobs));
        var start = new ProcessStartInfo("node", [Path.Combine(Scripts(), "run.mjs"), list]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var node = Process.Start(start)!;
        var errors = node.StandardError.ReadToEndAsync();
        var lines = node.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        node.WaitForExit();
        Assert.That(lines, Has.Length.EqualTo(_jobs.Count), errors.Result);
        return [.. lines.Select((line, job) =>
        {
            Assert.That(line, Is.EqualTo("{}"), $"model {job}");
            return MemoryMarshal.Cast<byte, float>(System.IO.File.ReadAllBytes(File(job, "out"))).ToArray();
        })];
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string File(int job, string kind) => Path.Combine(_folder, $"{job}.{kind}");

    private static string Scripts([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "onnx"));
}
