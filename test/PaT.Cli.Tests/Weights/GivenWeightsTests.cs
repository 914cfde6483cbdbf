using System.Security.Cryptography;
using System.Text.Json;
using TorchSharp;
using TorchSharp.PyBridge;

namespace PaT.Cli.Tests;

public sealed class GivenWeightsTests
{
    private static readonly string s_files = Path.Combine(AppContext.BaseDirectory, "Weights");
    private static readonly byte[] s_content = File.ReadAllBytes(Path.Combine(s_files, "plain.pth"));

    private TemporaryFolder _cache = null!;
    private List<string> _said = null!;

    [SetUp]
    public void Make() => (_cache, _said) = (new(), []);

    [TearDown]
    public void Remove() => _cache.Dispose();

    [Test]
    public void The_table_is_torchvisions()
    {
        using var golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(s_files, "torchvision-weights.json")));
        Assert.That(
            TorchvisionWeights.Names.ToDictionary(n => n.Split('@')[0], n => TorchvisionWeights.Find(n)!.File),
            Is.EquivalentTo(golden.RootElement.EnumerateObject()
                .ToDictionary(e => e.Name, e => e.Value.GetProperty("file").GetString())));
    }

    [Test]
    public void Options_that_need_weights_are_valid_with_a_name()
    {
        string[] line = ["train", "--weights", "resnet18@torchvision", "--set", "training.restoreBatchNorms=true"];
        Assert.That(TrainCommand.Options(line).Training.RestoreBatchNorms);
    }

    [Test]
    public void A_download_with_wrong_digits_is_refused()
    {
        using var server = new LoopbackServer(s_content);
        Assert.That(
            () => Given(server.Address).FindAsync("resnet18@torchvision", CancellationToken.None),
            Throws.TypeOf<DownloadFailedException>().With.Message.Contains("SHA256").And.Message.Contains("f37072fd"));
        Assert.That(Directory.GetFiles(_cache.Path), Is.Empty);
    }

    [Test]
    public async Task A_download_goes_on_where_it_was_cut_and_is_checked()
    {
        using var server = new LoopbackServer(s_content);
        server.CutAfter.Enqueue(1000);
        var published = new TorchvisionWeights("tiny", $"tiny-{Digits(s_content)}.pth");
        var download = new ResumableDownload(server.Address, _cache.File(published.File), published.Checksum);
        await download.RunAsync(null, CancellationToken.None);
        Assert.That(server.Ranges, Is.EqualTo(new[] { null, "bytes=1000-" }));
        Assert.That(File.ReadAllBytes(_cache.File(published.File)), Is.EqualTo(s_content));
    }

    [Test]
    public async Task A_downloaded_state_dict_becomes_a_network_that_scores_as_before()
    {
        var architecture = Networks.ByName("resnet8");
        using var original = ImageClassifier.Create(architecture, normalization: Normalization.ImageNet);
        var content = StateDict(original);
        var published = new TorchvisionWeights("resnet8", $"resnet8-{Digits(content)}.pth");
        var image = Enumerable.Range(0, original.Network.Input.Size).Select(i => (byte)(i * 7)).ToArray();
        string file;
        using (var server = new LoopbackServer(content))
        {
            server.CutAfter.Enqueue(content.Length / 2);
            file = await Given(server.Address).FindAsync(published, CancellationToken.None);
            Assert.That(server.Ranges, Is.EqualTo(new[] { null, $"bytes={content.Length / 2}-" }));
        }
        Assert.That(_said[0], Does.StartWith("fetching http://127.0.0.1:").And.EndsWith(published.File));
        Assert.That(_said[1..^1], Is.Not.Empty.And.All.Matches("^  [0-9]+ MB of [0-9]+ MB$"));
        Assert.That(_said[^1], Does.Contain("tensors in").And.Contain(published.File));
        using var loaded = ImageClassifier.Create(architecture, new(file), normalization: Normalization.ImageNet);
        Assert.That(Scores(loaded), Is.EqualTo(Scores(original)));

        // The server is gone.
        Assert.That(
            await Given(new("http://127.0.0.1:1/")).FindAsync(published, CancellationToken.None), Is.EqualTo(file));

        float[] Scores(ImageClassifier classifier)
        {
            var scores = new float[classifier.Classes.Count];
            classifier.Score(image, scores);
            return scores;
        }
    }

    [Test]
    public void A_file_in_the_cache_needs_no_network_but_must_have_its_digits()
    {
        _cache.Write("resnet18-f37072fd.pth", s_content);
        Assert.That(
            () => Given(new("http://127.0.0.1:1/")).FindAsync("resnet18@torchvision", CancellationToken.None),
            Throws.TypeOf<InvalidInputFileException>().With.Message.Contains("not with the digits in its name"));
        Assert.That(_said, Is.Empty);
    }

    [Test]
    public void Without_a_network_the_message_says_what_to_do() => Assert.That(
        () => Given(new("http://127.0.0.1:1/")).FindAsync("resnet18@torchvision", CancellationToken.None),
        Throws.TypeOf<DownloadFailedException>()
            .With.Message.Contains("Without a network")
            .And.Message.Contains("resnet18-f37072fd.pth")
            .And.Message.Contains(_cache.Path));

    [Test]
    public async Task Other_files_stay_as_they_are()
    {
        var given = Given(new("http://127.0.0.1:1/"));
        Assert.That(await given.FindAsync("a.safetensors", CancellationToken.None), Is.EqualTo("a.safetensors"));
        Assert.That(
            await given.FindAsync(Path.Combine(s_files, "plain.pth"), CancellationToken.None),
            Is.EqualTo(_cache.File($"plain-{Digits(s_content)}.safetensors")));
        Assert.That(await given.FindAsync((WeightsFile?)null, CancellationToken.None), Is.Null);
    }

    [Test]
    public void A_name_chooses_network_normalization_and_a_new_classifier()
    {
        var options = TrainCommand.Options("train", "--weights", "mobilenet_v2@torchvision");
        Assert.That(options.Network!.Name, Is.EqualTo("mobilenet_v2"));
        Assert.That(options.Images.Normalization, Is.EqualTo(Normalization.ImageNet));
        Assert.That(options.Weights!.ResetClassifier);
        Assert.That(
            () => TrainCommand.Options("train", "--weights", "resnet7@torchvision"),
            Throws.TypeOf<InvalidOptionsException>().With.Message.Contains("resnet18@torchvision"));
    }

    private GivenWeights Given(Uri source) => new(_said.Add) { Cache = _cache.Path, Source = source };

    /// <summary>As <c>torch.save(model.state_dict())</c> writes it.</summary>
    private byte[] StateDict(ImageClassifier classifier)
    {
        var weights = _cache.File("original.safetensors");
        classifier.SaveWeights(weights);
        using var scope = torch.NewDisposeScope();
        using var stream = new MemoryStream();
        PyTorchPickler.PickleStateDict(stream, Safetensors.LoadStateDict(weights), leaveOpen: true);
        File.Delete(weights);
        return stream.ToArray();
    }

    private static string Digits(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content))[..8];
}
