using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;

namespace Microsoft.ML.PaT.Samples.Tests;

/// <summary>A page in headless Chromium, driven over its DevTools protocol.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly TemporaryFolder _profile;
    private readonly ClientWebSocket _page = new();
    private int _calls;

    private Chromium(Process process, TemporaryFolder profile) => (_process, _profile) = (process, profile);

    /// <summary>Opens a page, or skips the test where the machine has no Chromium.</summary>
    public static async Task<Chromium> OpenOrIgnoreAsync(Uri address)
    {
        var program = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
            .SelectMany(folder => new[] { "chromium", "chromium-browser", "google-chrome" }.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
        if (program is null) Assert.Ignore("this machine has no Chromium; on Debian: apt-get install chromium");
        var profile = new TemporaryFolder();
        var process = Process.Start(new ProcessStartInfo(program!, ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--remote-debugging-port=0", $"--user-data-dir={profile.Path}", address.ToString()])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        process.ErrorDataReceived += static (_, _) => { };
        process.OutputDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        var chromium = new Chromium(process, profile);
        try
        {
            await chromium.ConnectAsync(address);
            // Before it, there is a page that is complete too: an empty one.
            await chromium.WaitForAsync("location.href + ' ' + document.readyState", state => state == $"{address} complete");
            return chromium;
        }
        catch
        {
            await chromium.DisposeAsync();
            throw;
        }
    }

    /// <summary>Gives a file to a file input.</summary>
    public async Task ChooseFileAsync(string selector, string file)
    {
        var input = await CallAsync("Runtime.evaluate", new { expression = $"document.querySelector('{selector}')" });
        await CallAsync("DOM.setFileInputFiles", new { files = new[] { file }, objectId = input.GetProperty("result").GetProperty("objectId").GetString() });
    }

    /// <summary>The value of an expression that gives text; empty for none.</summary>
    public async Task<string> EvaluateAsync(string expression)
    {
        var answer = await CallAsync("Runtime.evaluate", new { expression, awaitPromise = true });
        Assert.That(answer.TryGetProperty("exceptionDetails", out var thrown), Is.False, () => thrown.GetRawText());
        return answer.GetProperty("result").TryGetProperty("value", out var value) ? value.ToString() : "";
    }

    /// <summary>Asks until the answer is right.</summary>
    public async Task<string> WaitForAsync(string expression, Func<string, bool> isRight)
    {
        var waited = Stopwatch.StartNew();
        for (var last = ""; ; await Task.Delay(50))
        {
            last = await EvaluateAsync(expression);
            if (isRight(last)) return last;
            Assert.That(waited.Elapsed, Is.LessThan(Patience), $"{expression} is '{last}'");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _page.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        try
        {
            _profile.Dispose();
        }
        catch (IOException)
        {
            // A helper process may write its last words after the kill; the folder is the system's to clean then.
        }
    }

    private async Task ConnectAsync(Uri address)
    {
        var waited = Stopwatch.StartNew();
        using var http = new HttpClient();
        while (true)
        {
            Assert.That(waited.Elapsed, Is.LessThan(Patience), "Chromium does not answer");
            await Task.Delay(50);
            if (!File.Exists(_profile.File("DevToolsActivePort"))) continue;
            var lines = await File.ReadAllLinesAsync(_profile.File("DevToolsActivePort"));
            if (lines.Length == 0) continue;
            var pages = await http.GetFromJsonAsync<JsonElement[]>($"http://127.0.0.1:{lines[0]}/json/list");
            var page = pages!.FirstOrDefault(p => p.GetProperty("url").GetString() == address.ToString());
            if (page.ValueKind == JsonValueKind.Undefined) continue;
            await _page.ConnectAsync(new Uri(page.GetProperty("webSocketDebuggerUrl").GetString()!), CancellationToken.None);
            return;
        }
    }

    private async Task<JsonElement> CallAsync(string method, object parameters)
    {
        using var limit = new CancellationTokenSource(Patience);
        var id = ++_calls;
        await _page.SendAsync(JsonSerializer.SerializeToUtf8Bytes(new { id, method, @params = parameters }), WebSocketMessageType.Text, true, limit.Token);
        while (true)
        {
            using var message = new MemoryStream();
            var buffer = new byte[1 << 16];
            ValueWebSocketReceiveResult part;
            do
            {
                part = await _page.ReceiveAsync(buffer.AsMemory(), limit.Token);
                message.Write(buffer, 0, part.Count);
            }
            while (!part.EndOfMessage);
            var answer = JsonSerializer.Deserialize<JsonElement>(message.ToArray());
            if (!answer.TryGetProperty("id", out var number) || number.GetInt32() != id) continue;
            Assert.That(answer.TryGetProperty("error", out var error), Is.False, () => error.GetRawText());
            return answer.GetProperty("result");
        }
    }
}
