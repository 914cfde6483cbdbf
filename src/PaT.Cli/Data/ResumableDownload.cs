using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace PaT.Cli;

/// <summary>
/// Fetches one file over HTTP: it goes on where an earlier try stopped, checks the content, and only then gives the
/// file its name.
/// </summary>
/// <remarks>
/// What has arrived lies in <c>FILE.part</c>; beside it <c>FILE.part.tag</c> holds the server's version tag, so that
/// two versions are never mixed.
/// </remarks>
/// <param name="source">Where the file is.</param>
/// <param name="target">Where it goes.</param>
/// <param name="md5">
/// Its MD5 checksum as published, in lower-case hexadecimal; it guards against damage, not against malice.
/// </param>
internal sealed class ResumableDownload(Uri source, string target, string md5)
{
    private const int Tries = 5;

    private readonly string _part = target + ".part";
    private readonly string _tag = target + ".part.tag";

    /// <summary>
    /// How long to wait for a connection; short, because without a network the next source of images follows.
    /// </summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the server may send nothing.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Fetches the file.</summary>
    /// <param name="progress">
    /// Receives bytes that have arrived and bytes in all, where the server says how many; null for none.
    /// </param>
    /// <param name="cancellation">Stops; what has arrived stays for the next time.</param>
    /// <exception cref="DownloadFailedException">
    /// No connection, an answer that is not the file, or a wrong checksum.
    /// </exception>
    public async Task RunAsync(Action<long, long?>? progress, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(target))!);
        using var handler = new SocketsHttpHandler { ConnectTimeout = ConnectTimeout };
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        for (var attempt = 1; ; attempt++)
        {
            var before = Arrived;
            try
            {
                await FetchAsync(client, progress, cancellation);
                break;
            }
            catch (Exception e) when (IsBroken(e) && !cancellation.IsCancellationRequested)
            {
                // A connection that breaks while bytes are coming is worth another try; one that brings nothing is not.
                if (attempt == Tries || Arrived <= before)
                {
                    var why = e is OperationCanceledException ? "no answer in time" : e.Message;
                    throw new DownloadFailedException($"cannot download {source}: {why}{(Arrived > 0 ? "; what has arrived is kept, run again to go on" : "")}", e);
                }
            }
        }

        await KeepAsync(cancellation);
    }

    private long Arrived => File.Exists(_part) ? new FileInfo(_part).Length : 0;

    private static bool IsBroken(Exception e) => e is HttpRequestException or HttpIOException or OperationCanceledException or (IOException and not (FileNotFoundException or DirectoryNotFoundException));

    private async Task FetchAsync(HttpClient client, Action<long, long?>? progress, CancellationToken cancellation)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stall.CancelAfter(ConnectTimeout + StallTimeout);
        using var request = Request();
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            // Everything is here already, or the rest belongs to another file: the checksum tells.
            return;
        }

        if (!response.IsSuccessStatusCode)
        {
            throw new DownloadFailedException(FormattableString.Invariant($"cannot download {source}: the server answers {(int)response.StatusCode} {response.ReasonPhrase}"));
        }

        var start = Arrived;
        var goesOn = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == start;
        if (!goesOn)
        {
            start = 0;
            RememberTag(response);
        }

        await using var file = new FileStream(_part, goesOn ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.Read);
        await using var body = await response.Content.ReadAsStreamAsync(stall.Token);
        var total = start + response.Content.Headers.ContentLength;
        var buffer = new byte[1 << 16];
        int read;
        while ((read = await body.ReadAsync(buffer, stall.Token)) > 0)
        {
            await file.WriteAsync(buffer.AsMemory(0, read), cancellation);
            progress?.Invoke(file.Length, total);
            stall.CancelAfter(StallTimeout);
        }

        if (total is { } expected && file.Length < expected)
        {
            throw new HttpIOException(HttpRequestError.ResponseEnded, FormattableString.Invariant($"{file.Length} of {expected} bytes arrived"));
        }
    }

    private HttpRequestMessage Request()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, source);
        if (Arrived > 0 && File.Exists(_tag))
        {
            // If the file has changed since, the server ignores the range and sends all of it.
            request.Headers.Range = new RangeHeaderValue(Arrived, null);
            request.Headers.TryAddWithoutValidation("If-Range", File.ReadAllText(_tag));
        }

        return request;
    }

    private void RememberTag(HttpResponseMessage response)
    {
        var tag = response.Headers.ETag is { IsWeak: false } strong ? strong.Tag
            : response.Content.Headers.LastModified?.ToString("R", CultureInfo.InvariantCulture);
        File.Delete(_tag);
        if (tag is not null)
        {
            File.WriteAllText(_tag, tag);
        }
    }

    private async Task KeepAsync(CancellationToken cancellation)
    {
        string found;
        await using (var file = File.OpenRead(_part))
        {
            found = Convert.ToHexStringLower(await MD5.HashDataAsync(file, cancellation));
        }

        File.Delete(_tag);
        if (found != md5)
        {
            File.Delete(_part);
            throw new DownloadFailedException($"{source} arrived with MD5 {found} instead of {md5}; it was deleted, run again to fetch it anew");
        }

        File.Move(_part, target, overwrite: true);
    }
}
