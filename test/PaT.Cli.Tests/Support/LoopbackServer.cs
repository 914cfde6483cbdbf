using System.Net;
using System.Net.Sockets;

namespace PaT.Cli.Tests;

/// <summary>A web server on loopback with one file and bad habits on demand.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly TaskCompletionSource _stop = new();
    private readonly Task _serving;

    public LoopbackServer(byte[] content)
    {
        Content = content;
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Address = new Uri($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/file.tar.gz");
        }

        _listener.Prefixes.Add(new Uri(Address, "/").ToString());
        _listener.Start();
        _serving = Task.Run(ServeAsync);
    }

    public Uri Address { get; }

    public byte[] Content { get; set; }

    public string Tag { get; set; } = "\"one\"";

    /// <summary>Bytes after which an answer breaks off, one value a request; whole answers once it is empty.</summary>
    public Queue<int> CutAfter { get; } = new();

    public bool SupportsRanges { get; set; } = true;

    public int Status { get; set; } = 200;

    /// <summary>The Range header of every request, in order; null where there was none.</summary>
    public List<string?> Ranges { get; } = [];

    public void Dispose()
    {
        // HttpListener.Close does not end a GetContextAsync that begins at the same moment.
        _stop.SetResult();
        _serving.Wait();
        _listener.Close();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            var next = _listener.GetContextAsync();
            if (await Task.WhenAny(next, _stop.Task) == _stop.Task) return;
            var context = await next;
            Answer(context.Request, context.Response);
        }
    }

    private void Answer(HttpListenerRequest request, HttpListenerResponse response)
    {
        var range = request.Headers["Range"];
        Ranges.Add(range);
        response.StatusCode = Status;
        if (Status != 200)
        {
            response.Close();
            return;
        }

        var start = 0;
        if (range is not null && SupportsRanges && request.Headers["If-Range"] == Tag)
        {
            start = int.Parse(range["bytes=".Length..].TrimEnd('-'));
            response.StatusCode = start < Content.Length ? 206 : 416;
            response.Headers["Content-Range"] = $"bytes {start}-{Content.Length - 1}/{Content.Length}";
        }

        response.Headers["ETag"] = Tag;
        response.ContentLength64 = Math.Max(0, Content.Length - start);
        if (CutAfter.TryDequeue(out var cut))
        {
            response.OutputStream.Write(Content, start, cut);
            response.OutputStream.Flush();
            response.Abort();
            return;
        }

        if (response.ContentLength64 > 0)
        {
            response.OutputStream.Write(Content, start, Content.Length - start);
        }

        response.Close();
    }
}
