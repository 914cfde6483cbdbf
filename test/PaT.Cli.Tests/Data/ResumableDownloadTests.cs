using System.Security.Cryptography;

namespace PaT.Cli.Tests;

public sealed class ResumableDownloadTests
{
    private static readonly byte[] Content = RandomBytes(300_000, seed: 1);

    [Test]
    public async Task A_whole_answer_becomes_the_file()
    {
        using var folder = new TemporaryFolder();
        using var server = new LoopbackServer(Content);
        var last = (Arrived: 0L, Total: (long?)0);
        await Download(server, folder).RunAsync((arrived, total) => last = (arrived, total), CancellationToken.None);
        Assert.That(File.ReadAllBytes(folder.File("file")), Is.EqualTo(Content));
        Assert.That(Directory.GetFiles(folder.Path), Has.Length.EqualTo(1), "nothing is left beside the file");
        Assert.That(last, Is.EqualTo((300_000L, (long?)300_000L)));
    }

    [Test]
    public async Task A_cut_connection_goes_on_where_it_stopped()
    {
        using var folder = new TemporaryFolder();
        using var server = new LoopbackServer(Content);
        server.CutAfter.Enqueue(100_000);
        server.CutAfter.Enqueue(50_000);
        await Download(server, folder).RunAsync(null, CancellationToken.None);
        Assert.That(File.ReadAllBytes(folder.File("file")), Is.EqualTo(Content));
        Assert.That(server.Ranges, Is.EqualTo(new[] { null, "bytes=100000-", "bytes=150000-" }));
    }

    [Test]
    public async Task What_an_earlier_process_left_is_used()
    {
        using var folder = new TemporaryFolder();
        using var server = new LoopbackServer(Content);
        folder.Write("file.part", Content[..200_000]);
        folder.Write("file.part.tag", server.Tag);
        await Download(server, folder).RunAsync(null, CancellationToken.None);
        Assert.That(File.ReadAllBytes(folder.File("file")), Is.EqualTo(Content));
        Assert.That(server.Ranges, Is.EqualTo(new[] { "bytes=200000-" }));
    }

    [Test]
    public async Task A_complete_part_needs_only_its_name()
    {
        using var folder = new TemporaryFolder();
        using var server = new LoopbackServer(Content);
        folder.Write("file.part", Content);
        folder.Write("file.part.tag", server.Tag);
        await Download(server, folder).RunAsync(null, CancellationToken.None);
        Assert.That(File.ReadAllBytes(folder.File("file")), Is.EqualTo(Content));
    }

    [Test]
    public async Task A_file_that_changed_on_the_server_starts_anew()
    {
        using var folder = new TemporaryFolder();
        using var server = new LoopbackServer(Content);
        folder.Write("file.part", RandomBytes(200_000, seed: 2));
        folder.Write("file.part.tag", "\"another\"");
        await Download(server, folder).RunAsync(null, CancellationToken.None);
        Assert.That(File.ReadAllBytes(folder.File("file")), Is.EqualTo(Content));
    }

    [Test]
    public async Task A_server_without_ranges_starts_anew()
    {
        using var folder = new TemporaryFolder();
        using var server = new LoopbackServer(Content) { SupportsRanges = false };
        server.CutAfter.Enqueue(100_000);
        await Download(server, folder).RunAsync(null, CancellationToken.None);
        Assert.That(File.ReadAllBytes(folder.File("file")), Is.EqualTo(Content));
    }

    [Test]
    public void A_wrong_checksum_is_named_and_nothing_is_kept()
    {
        using var folder = new TemporaryFolder();
        using var server = new LoopbackServer(Content);
        var download = new ResumableDownload(
            server.Address, folder.File("file"), new(HashAlgorithmName.MD5, new string('0', 32)));
        Assert.That(
            () => download.RunAsync(null, CancellationToken.None),
            Throws.TypeOf<DownloadFailedException>().With.Message.Contains("MD5"));
        Assert.That(Directory.GetFiles(folder.Path), Is.Empty);
    }

    [Test]
    public void Missing_on_the_server_is_named()
    {
        using var folder = new TemporaryFolder();
        using var server = new LoopbackServer(Content) { Status = 404 };
        Assert.That(
            () => Download(server, folder).RunAsync(null, CancellationToken.None),
            Throws.TypeOf<DownloadFailedException>().With.Message.Contains("404"));
        Assert.That(File.Exists(folder.File("file")), Is.False);
    }

    [Test]
    public void No_server_fails_at_once()
    {
        using var folder = new TemporaryFolder();
        Uri gone;
        using (var server = new LoopbackServer(Content))
        {
            gone = server.Address;
        }

        var download = new ResumableDownload(gone, folder.File("file"), Md5(Content));
        Assert.That(
            () => download.RunAsync(null, CancellationToken.None),
            Throws.TypeOf<DownloadFailedException>().With.Message.Contains(gone.ToString()));
    }

    [Test]
    public void Canceling_keeps_what_has_arrived()
    {
        using var folder = new TemporaryFolder();
        using var server = new LoopbackServer(Content);
        using var cancellation = new CancellationTokenSource();
        Assert.That(
            () => Download(server, folder).RunAsync((_, _) => cancellation.Cancel(), cancellation.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(new FileInfo(folder.File("file.part")).Length, Is.GreaterThan(0));
    }

    private static ResumableDownload Download(LoopbackServer server, TemporaryFolder folder) =>
        new(server.Address, folder.File("file"), Md5(Content));

    private static Checksum Md5(byte[] content) =>
        new(HashAlgorithmName.MD5, Convert.ToHexStringLower(MD5.HashData(content)));

    private static byte[] RandomBytes(int count, int seed)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
