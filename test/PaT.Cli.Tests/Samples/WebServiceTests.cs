using System.Buffers.Binary;
using PaT.Samples.Web;
using Microsoft.ML.PaT.Tests;

namespace PaT.Cli.Tests;

/// <summary>The web service over real HTTP.</summary>
public sealed class WebServiceTests
{
    private const int Classes = 3;
    private static readonly UploadLimits Limits = new() { MostBytes = 100_000, MostPixels = 1_000_000 };
    private TemporaryFolder _folder = null!;

    [OneTimeSetUp]
    public void Train()
    {
        _folder = new TemporaryFolder();
        DrawnFolder.Write(_folder.File("images"), Classes, each: 8);
        var (exitCode, _, error) = Pat.Run(
            "train", "--network", "resnet8", "--data", _folder.File("images"), "--epochs", "2", "--batch", "8",
            "--policy", "epoch:1", "--set", "pruning.roundTo=1", "--device", "cpu", "--threads", "1", "--out",
            _folder.Path);
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));
    }

    [OneTimeTearDown]
    public void Remove() => _folder.Dispose();

    [TestCase("model.pat")]
    [TestCase("model.zip")]
    public async Task A_image_is_classified_as_the_classifier_does_it(string model)
    {
        var image = Image(4);
        using var classifier = ImageClassifier.Load(_folder.File("model.pat"));
        var expected = new float[Classes];
        classifier.Score(ImageDecoder.Decode(image, classifier.Input, classifier.Resizing), expected);

        await using var web = await WebClient.StartAsync(_folder.File(model), Limits);
        var asCurlDoes = new ByteArrayContent(image);
        asCurlDoes.Headers.TryAddWithoutValidation("Content-Type", "application/x-www-form-urlencoded");
        var answers = new[]
        {
            await web.PostAsync(image),
            await web.PostFormAsync(image),
            await web.PostAsync(asCurlDoes),
        };
        foreach (var (status, type, body) in answers)
        {
            Assert.That((status, type), Is.EqualTo((200, "application/json")));
            Assert.That(
                body.GetProperty("label").GetString(),
                Is.EqualTo(classifier.Classes[Array.IndexOf(expected, expected.Max())]));
            var scores = body.GetProperty("scores")
                .EnumerateArray()
                .ToDictionary(s => s.GetProperty("label").GetString()!, s => s.GetProperty("score").GetSingle());
            Assert.That(classifier.Classes.Select(c => scores[c]), Is.EqualTo(expected).Within(1e-6f));
            Assert.That(body.GetProperty("score").GetSingle(), Is.EqualTo(expected.Max()).Within(1e-6f));
        }
    }

    [Test]
    public async Task Health_says_what_is_served_and_the_page_is_there()
    {
        await using var web = await WebClient.StartAsync(_folder.File("model.pat"), Limits);
        var (status, _, body) = await web.GetAsync("health");
        Assert.That(status, Is.EqualTo(200));
        Assert.That(
            body.GetProperty("classes").EnumerateArray().Select(c => c.GetString()),
            Is.EqualTo(Shapes.All.Take(Classes).Select(s => s.Name)));
        Assert.That((await web.GetAsync("")).Type, Is.EqualTo("text/html"));
        Assert.That((await web.GetAsync("elsewhere")).Status, Is.EqualTo(404));
    }

    private static IEnumerable<TestCaseData> BadUploads()
    {
        var png = Drawn();
        var bomb = Drawings.Bmp(0, 0);
        BinaryPrimitives.WriteInt32LittleEndian(bomb.AsSpan(18), 60_000);
        BinaryPrimitives.WriteInt32LittleEndian(bomb.AsSpan(22), 60_000);
        yield return new TestCaseData(Array.Empty<byte>(), 400, "no image").SetArgDisplayNames("nothing");
        yield return new TestCaseData(
            "<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray(), 415, "JPEG").SetArgDisplayNames("svg");
        yield return new TestCaseData(new byte[2000], 415, "JPEG").SetArgDisplayNames("zeros");
        yield return new TestCaseData(bomb, 413, "3,600,000,000 pixels").SetArgDisplayNames("bomb");
        yield return new TestCaseData(new byte[100_001], 413, "100,000 bytes").SetArgDisplayNames("a byte too many");
        yield return new TestCaseData(new byte[5_000_000], 413, "100,000 bytes").SetArgDisplayNames("far too large");
        yield return new TestCaseData(png[..(png.Length / 2)], 422, "ends before").SetArgDisplayNames("half an image");
        yield return new TestCaseData(
            (byte[])[.. png[..40], .. new byte[50], .. png[90..]], 422, "cannot be").SetArgDisplayNames("damaged");
    }

    [TestCaseSource(nameof(BadUploads))]
    public async Task A_bad_upload_is_refused_with_a_reason(byte[] upload, int status, string reason)
    {
        foreach (var model in new[] { "model.pat", "model.zip" })
        {
            await using var web = await WebClient.StartAsync(_folder.File(model), Limits);
            foreach (var answer in new[] { await web.PostAsync(upload), await web.PostFormAsync(upload) })
            {
                Assert.That((answer.Status, answer.Type), Is.EqualTo((status, "application/problem+json")), model);
                Assert.That(answer.Body.GetProperty("detail").GetString(), Does.Contain(reason));
            }

            Assert.That((await web.PostAsync(Image(0))).Status, Is.EqualTo(200), "the service goes on");
        }
    }

    [Test]
    public async Task A_form_has_one_image()
    {
        await using var web = await WebClient.StartAsync(_folder.File("model.pat"), Limits);
        Assert.That((await web.PostFormAsync()).Status, Is.EqualTo(400));
        Assert.That((await web.PostFormAsync(Image(0), Image(1))).Status, Is.EqualTo(400));
        var broken = new StringContent("no boundary in here");
        broken.Headers.Remove("Content-Type");
        broken.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data");
        Assert.That((await web.PostAsync(broken)).Status, Is.EqualTo(400));
    }

    [TestCase(200)]
    [TestCase(10_000, Category = "Long")]
    public async Task Damaged_images_are_answered_or_refused_and_nothing_else(int count)
    {
        await using var web = await WebClient.StartAsync(_folder.File("model.pat"), Limits);
        var whole = Image(0);
        for (var seed = 0; seed < count; seed++)
        {
            var random = new Random(seed);
            var damaged = whole[..(seed % 3 == 0 ? random.Next(whole.Length) : whole.Length)];
            for (var changes = random.Next(1, 9); changes > 0 && damaged.Length > 0; changes--)
            {
                // Most of what can go wrong is in the header.
                damaged[random.Next(random.Next(2) == 0 ? Math.Min(48, damaged.Length) : damaged.Length)] =
                    (byte)random.Next(256);
            }

            var answer = await web.PostAsync(damaged);
            Assert.That(answer.Status, Is.AnyOf(200, 400, 413, 415, 422), $"seed {seed}");
            Assert.That(answer.Type, Does.EndWith("json"), $"seed {seed}");
        }
    }

    [Test]
    public async Task More_uploads_than_may_wait_are_told_to_come_back()
    {
        await using var web =
            await WebClient.StartAsync(_folder.File("model.pat"), Limits with { AtOnce = 1, Waiting = 0 });
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => web.PostAsync(Image(i % 24))));
        Assert.That(answers.Select(a => a.Status), Is.All.AnyOf(200, 503));
        Assert.That(answers.Count(a => a.Status == 200), Is.Positive);
        Assert.That(
            answers.Where(a => a.Status == 503).Select(a => a.Type), Is.All.EqualTo("application/problem+json"));
    }

    [TestCase("model.pat", 2_000)]
    [TestCase("model.zip", 2_000)]
    [TestCase("model.pat", 20_000, Category = "Long")]
    [TestCase("model.zip", 20_000, Category = "Long")]
    public async Task Two_hundred_upload_at_once_without_error_and_memory_stays(string model, int uploads)
    {
        const int AtOnce = 200;
        const long Growth = 48 << 20;
        await using var web = await WebClient.StartAsync(_folder.File(model), Limits);
        var images = Enumerable.Range(0, 8 * Classes).Select(Image).ToArray();
        var single = new string?[images.Length];
        for (var i = 0; i < images.Length; i++) single[i] = (await web.PostAsync(images[i])).Body.GetRawText();

        // The first tenth fills pools, connections and heaps; from there on nothing may grow.
        await UploadAsync(uploads / 10);
        var before = Resident();
        await UploadAsync(uploads);
        Assert.That(Resident() - before, Is.LessThan(Growth), "bytes more than after the first tenth");

        Task UploadAsync(int count)
        {
            var next = -1;
            return Task.WhenAll(
                Enumerable.Range(0, AtOnce)
                    .Select(async _ =>
                    {
                        for (int i; (i = Interlocked.Increment(ref next)) < count; )
                        {
                            var answer =
                                i % 2 == 0
                                    ? await web.PostAsync(images[i % images.Length])
                                    : await web.PostFormAsync(images[i % images.Length]);
                            Assert.That(answer.Status, Is.EqualTo(200));
                            Assert.That(
                                answer.Body.GetRawText(),
                                Is.EqualTo(single[i % images.Length]),
                                "the same image, the same answer");
                        }
                    }));
        }

        static long Resident()
        {
            using var process = System.Diagnostics.Process.GetCurrentProcess();
            return process.WorkingSet64;
        }
    }

    [Test]
    public async Task A_browser_uploads_an_image_and_shows_the_answer()
    {
        await using var web = await WebClient.StartAsync(_folder.File("model.pat"), Limits);
        using var browser = Chromium.StartOrIgnore();
        browser.Open(web.Address);
        var file = _folder.Write("chosen.png", Image(4));
        var expected = (await web.PostAsync(Image(4))).Body.GetProperty("label").GetString();
        browser.ChooseFile("#image", file);
        browser.Evaluate("document.querySelector('button').click()");
        Assert.That(
            browser.WaitFor("document.querySelector('#answer').textContent", text => text.Contains('%')),
            Does.StartWith($"{expected}, "));
        Assert.That(
            browser.Evaluate("document.querySelectorAll('#scores tbody tr').length").GetInt32(), Is.EqualTo(Classes));
        Assert.That(
            browser.Evaluate("document.querySelector('#image').labels[0].textContent").GetString(),
            Does.StartWith("An image"));

        browser.ChooseFile("#image", _folder.Write("no-image.png", "text"));
        browser.Evaluate("document.querySelector('button').click()");
        Assert.That(
            browser.WaitFor("document.querySelector('#answer').textContent", text => text.Contains("JPEG")),
            Does.Contain("not an image"));
    }

    private byte[] Image(int number) =>
        File.ReadAllBytes(_folder.File($"images/{Shapes.All[number % Classes].Name}/{number / Classes:000}.png"));

    private static byte[] Drawn()
    {
        using var folder = new TemporaryFolder();
        DrawnFolder.Write(folder.File("one"), classes: 1, each: 1);
        return File.ReadAllBytes(folder.File($"one/{Shapes.All[0].Name}/000.png"));
    }
}
