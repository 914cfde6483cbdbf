using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace PaT.Cli;

/// <summary>Downloads one file over HTTP, resumes a partial download, and checks the content.</summary>
/// <remarks>
/// <c>FILE.part</c> holds the bytes received so far, and <c>FILE.part.tag</c> the server's version tag, so that two
/// versions are never mixed.
/// </remarks>
internal sealed class ResumableDownload(Uri source, string target, Checksum checksum)
{
    private const int Tries = 5;

    private readonly string _part = target + ".part";
    private readonly string _tag = target + ".part.tag";

    // Short, because the next source of images is tried if there is no network.
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <param name="progress">Receives the bytes received and the total, if the server reports it; null for
    /// none.</param>
    /// <param name="cancellation">Stops the download; the partial file stays.</param>
    /// <exception cref="DownloadFailedException">No connection, an error status, or a wrong checksum.</exception>
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
                // Retried only if the last attempt received bytes.
                if (attempt == Tries || Arrived <= before)
                {
                    var why = e is OperationCanceledException ? "no answer in time" : e.Message;
                    var kept = Arrived > 0 ? "; the partial file is kept, run again to resume" : "";
                    throw new DownloadFailedException($"cannot download {source}: {why}{kept}", e);
                }
            }
        }

        await KeepAsync(cancellation);
    }

    private long Arrived => File.Exists(_part) ? new FileInfo(_part).Length : 0;

    private static bool IsBroken(Exception e) =>
        e is HttpRequestException or HttpIOException or OperationCanceledException
            or (IOException and not (FileNotFoundException or DirectoryNotFoundException));

    private async Task FetchAsync(HttpClient client, Action<long, long?>? progress, CancellationToken cancellation)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stall.CancelAfter(ConnectTimeout + StallTimeout);
        using var request = Request();
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            // The file is complete or belongs to another version; the checksum decides.
            return;
        }

        if (!response.IsSuccessStatusCode)
        {
            throw new DownloadFailedException(FormattableString.Invariant(
                $"cannot download {source}: the server answers {(int)response.StatusCode} {response.ReasonPhrase}"));
        }

        var start = Arrived;
        var resumes = response.StatusCode == HttpStatusCode.PartialContent
            && response.Content.Headers.ContentRange?.From == start;
        if (!resumes)
        {
            start = 0;
            RememberTag(response);
        }

        var mode = resumes ? FileMode.Append : FileMode.Create;
        await using var file = new FileStream(_part, mode, FileAccess.Write, FileShare.Read);
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
            throw new HttpIOException(
                HttpRequestError.ResponseEnded,
                FormattableString.Invariant($"{file.Length} of {expected} bytes received"));
        }
    }

    private HttpRequestMessage Request()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, source);
        if (Arrived > 0 && File.Exists(_tag))
        {
            // A server with a newer version ignores the range and sends the whole file.
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
        var (matches, found) = await checksum.CheckAsync(_part, cancellation);
        File.Delete(_tag);
        if (!matches)
        {
            File.Delete(_part);
            throw new DownloadFailedException(
                $"{source} has {checksum.Algorithm} {found} instead of {checksum.Digits}; the download was deleted, "
                + "run again");
        }

        File.Move(_part, target, overwrite: true);
    }
}
