using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;

namespace Microsoft.ML.PaT.Tests;

/// <summary>A headless Chromium with one page, driven over its DevTools protocol.</summary>
internal sealed class Chromium : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);
    private readonly string _profile = Directory.CreateTempSubdirectory("pat-chromium-").FullName;
    private readonly ClientWebSocket _socket = new();
    private readonly Process _process;
    private readonly CancellationTokenSource _limit = new(s_patience);
    private int _calls;
    private string? _session;

    private Chromium(string program) =>
        _process = Process.Start(new ProcessStartInfo(
            program,
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--disable-background-networking", "--no-first-run", "--remote-debugging-port=0",
                $"--user-data-dir={_profile}", "about:blank",
            ])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;

    /// <summary>
    /// What the page did since it was opened, as the protocol names it: requests, console messages, exceptions.
    /// </summary>
    public List<(string Method, JsonElement Parameters)> Events { get; } = [];

    /// <summary>Starts it, or skips the test where the machine has none.</summary>
    public static Chromium StartOrIgnore()
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .SelectMany(folder =>
                new[] { "chromium", "chromium-browser", "google-chrome" }.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
        if (program is null)
            Assert.Ignore("this machine has no Chromium; on Debian and Ubuntu: apt-get install chromium");
        var browser = new Chromium(program!);
        try
        {
            browser.Connect();
            return browser;
        }
        catch
        {
            browser.Dispose();
            throw;
        }
    }

    /// <summary>Opens a page and waits until it is drawn.</summary>
    public void Open(Uri address)
    {
        Events.Clear();
        Call("Page.navigate", new { url = address.AbsoluteUri });
        while (Events.TrueForAll(e => e.Method != "Page.loadEventFired")) Receive(answerTo: null);
    }

    /// <summary>Gives a file to a file input.</summary>
    public void ChooseFile(string selector, string file)
    {
        var input = Call("Runtime.evaluate", new { expression = $"document.querySelector('{selector}')" });
        Call(
            "DOM.setFileInputFiles",
            new { files = new[] { file }, objectId = input.GetProperty("result").GetProperty("objectId").GetString() });
    }

    /// <summary>Asks until an expression gives the right text.</summary>
    public string WaitFor(string expression, Func<string, bool> isRight)
    {
        while (true)
        {
            var last = Evaluate(expression).ToString();
            if (isRight(last)) return last;
            Assert.That(_limit.IsCancellationRequested, Is.False, $"{expression} is '{last}'");
            Thread.Sleep(50);
        }
    }

    /// <summary>The value of an expression; undefined where it has none.</summary>
    public JsonElement Evaluate(string expression)
    {
        var answer = Call("Runtime.evaluate", new { expression, returnByValue = true });
        Assert.That(answer.TryGetProperty("exceptionDetails", out var thrown), Is.False, () => thrown.GetRawText());
        return answer.GetProperty("result").TryGetProperty("value", out var value) ? value : default;
    }

    /// <summary>Calls a method of the protocol.</summary>
    public JsonElement Call(string method, object parameters)
    {
        var id = ++_calls;
        var message = _session is null
            ? (object)
                new
                {
                    id,
                    method,
                    @params = parameters,
                }
            : new
            {
                id,
                method,
                @params = parameters,
                sessionId = _session,
            };
        Wait(
            _socket.SendAsync(
                JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, true, _limit.Token));
        return Receive(id)!.Value;
    }

    public void Dispose()
    {
        _socket.Dispose();
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _limit.Dispose();
        try
        {
            Directory.Delete(_profile, recursive: true);
        }
        catch (IOException)
        {
            // A child may write its last words after the kill; the folder is the system's to clean then.
        }
    }

    private void Connect()
    {
        const string announced = "DevTools listening on ";
        string? line;
        do line = _process.StandardError.ReadLineAsync(_limit.Token).AsTask().GetAwaiter().GetResult();
        while (line?.StartsWith(announced, StringComparison.Ordinal) == false);
        Assert.That(line, Is.Not.Null, "Chromium ended");
        _ = _process.StandardError.ReadToEndAsync(); // a full pipe would stop it
        _ = _process.StandardOutput.ReadToEndAsync();
        Wait(_socket.ConnectAsync(new(line![announced.Length..]), _limit.Token));
        var page = Call("Target.getTargets", new { })
            .GetProperty("targetInfos")
            .EnumerateArray()
            .First(t => t.GetProperty("type").GetString() == "page")
            .GetProperty("targetId")
            .GetString();
        _session =
            Call("Target.attachToTarget", new { targetId = page, flatten = true }).GetProperty("sessionId").GetString();
        foreach (var domain in new[] { "Page", "Network", "Runtime", "Log" }) Call($"{domain}.enable", new { });
    }

    /// <summary>Reads until an answer, or just the next event.</summary>
    private JsonElement? Receive(int? answerTo)
    {
        var buffer = new byte[1 << 16];
        while (true)
        {
            using var message = new MemoryStream();
            WebSocketReceiveResult part;
            do
            {
                var received = _socket.ReceiveAsync(new ArraySegment<byte>(buffer), _limit.Token);
                Wait(received);
                part = received.Result;
                message.Write(buffer, 0, part.Count);
            }
            while (!part.EndOfMessage);
            var json = JsonSerializer.Deserialize<JsonElement>(message.ToArray());
            if (json.TryGetProperty("method", out var method))
            {
                Events.Add((method.GetString()!, json.GetProperty("params")));
                if (answerTo is null) return null;
            }
            else if (json.GetProperty("id").GetInt32() == answerTo)
            {
                Assert.That(json.TryGetProperty("error", out var error), Is.False, () => error.GetRawText());
                return json.GetProperty("result");
            }
        }
    }

    private static void Wait(Task task) => task.GetAwaiter().GetResult();
}
