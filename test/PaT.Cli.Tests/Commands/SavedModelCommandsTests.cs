using System.Text.Json;

namespace PaT.Cli.Tests;

/// <summary>What can be done with the models that a run has left: predict, evaluate, export.</summary>
public sealed class SavedModelCommandsTests
{
    private readonly TemporaryFolder _folder = new();

    [OneTimeSetUp]
    public void Train()
    {
        var training = Drawings.ClassFolders("data/train/", classes: 3, each: 20);
        var test = Drawings.ClassFolders("data/test/", classes: 3, each: 7);
        foreach (var (name, content) in training.Concat(test))
        {
            _folder.Write(name, content);
        }

        var (exitCode, _, error) = Pat.Run(
            "train", "--data", _folder.File("data"), "--epochs", "2", "--batch", "16", "--policy", "epoch:1",
            "--device", "cpu", "--threads", "1", "--out", _folder.File("out"));
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));
    }

    [OneTimeTearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void Predictions_are_a_line_of_json_each_in_the_order_of_the_arguments(
        [Values("model.zip", "model.pat")] string model)
    {
        string[] images =
        [
            _folder.File("data/test/circle/001.bmp"),
            _folder.File("data/test/arrow/000.bmp"),
            _folder.File("data/test/circle/001.bmp"),
        ];
        var (exitCode, output, error) = Pat.Run(["predict", "--model", _folder.File($"out/{model}"), .. images]);
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));
        var lines = output.Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.That(lines.Select(l => l.GetProperty("file").GetString()), Is.EqualTo(images));
        Assert.That(output[2], Is.EqualTo(output[0]));
        string[] classes =
        [
            .. Directory
                .GetDirectories(_folder.File("data/train"))
                .Select(d => Path.GetFileName(d)!)
                .Order(StringComparer.Ordinal),
        ];
        foreach (var line in lines)
        {
            Assert.That(
                line.EnumerateObject().Select(p => p.Name), Is.EqualTo(new[] { "file", "label", "score", "scores" }));
            var named = line.GetProperty("scores").EnumerateArray().ToArray();
            Assert.That(named.Select(s => s.GetProperty("label").GetString()), Is.EqualTo(classes));
            var scores = Array.ConvertAll(named, s => s.GetProperty("score").GetDouble());
            Assert.That(scores.Sum(), Is.EqualTo(1).Within(1e-4));
            Assert.That(line.GetProperty("score").GetDouble(), Is.EqualTo(scores.Max()));
            Assert.That(
                line.GetProperty("label").GetString(), Is.EqualTo(classes[Array.IndexOf(scores, scores.Max())]));
        }
    }

    [Test]
    public void A_image_that_cannot_be_read_is_named_and_the_others_go_on(
        [Values("model.zip", "model.pat")] string model)
    {
        var bad = _folder.Write("bad.jpg", "no image");
        var (exitCode, output, error) = Pat.Run(
            "predict", "--model", _folder.File($"out/{model}"), _folder.File("missing.jpg"),
            _folder.File("data/test/arrow/000.bmp"), bad, _folder.File("data/test/arrow/001.bmp"));
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(output, Has.Length.EqualTo(2));
        Assert.That(error, Has.Length.EqualTo(2));
        Assert.That(error[0], Does.StartWith("error: ").And.Contain("missing.jpg"));
        Assert.That(error[1], Does.StartWith($"error: {bad}: The image cannot be read: it is text"));
    }

    [Test]
    public void Both_files_of_a_model_have_the_metrics_of_the_report()
    {
        var (exitCode, output, error) =
            Pat.Run("evaluate", "--model", _folder.File("out/model.zip"), "--data", _folder.File("data"));
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));
        Assert.That(output, Has.Length.EqualTo(1));
        var metrics = JsonDocument.Parse(output[0]).RootElement;
        var archived = JsonDocument.Parse(
                Pat.Run("evaluate", "--model", _folder.File("out/model.pat"), "--data", _folder.File("data")).Output[0])
            .RootElement;
        Assert.That(output[0], Does.StartWith("{\"accuracy\":"), "scripts read it");
        Assert.That(
            metrics.GetProperty("accuracy").GetDouble(),
            Is.EqualTo(RunReport.ReadJson(_folder.File("out/report.json")).Test!.Accuracy).Within(1e-9));
        Assert.That(metrics.GetProperty("images").GetInt32(), Is.EqualTo(21));
        Assert.That(metrics.GetProperty("classes").GetArrayLength(), Is.EqualTo(3));
        foreach (var name in (string[])["accuracy", "macroAccuracy", "logLoss"])
        {
            Assert.That(
                archived.GetProperty(name).GetDouble(),
                Is.EqualTo(metrics.GetProperty(name).GetDouble()).Within(1e-5),
                name);
        }
    }

    [TestCase("test", "", 6, "test")]
    [TestCase("plain", "", 10, "given")]
    [TestCase("plain", "--held-out", 2, "test")]
    [TestCase("split", "", 6, "test")]
    [TestCase("trainval", "", 4, "validation")]
    [TestCase("table/labels.tsv", "", 4, "given")]
    [TestCase("table", "", 4, "given")]
    [TestCase("plain.zip", "", 10, "given")]
    public void Evaluation_scores_what_it_is_given(string data, string option, int images, string part)
    {
        using var folder = new TemporaryFolder();
        void Write(string below, int each, int classes = 2) =>
            Drawings.ClassFolders(below, classes, each).ToList().ForEach(f => folder.Write(f.Name, f.Content));
        Write("test/test/", each: 2, classes: 3);
        Write("plain/", each: 5);
        Write("split/train/", each: 5);
        Write("split/test/", each: 3);
        Write("trainval/train/", each: 5);
        Write("trainval/val/", each: 2);
        Write("table/", each: 2);
        folder.Write(
            "table/labels.tsv",
            string.Join('\n', Drawings.ClassFolders("", 2, 2).Select(f => $"{f.Name}\t{f.Name.Split('/')[0]}")));
        System.IO.Compression.ZipFile.CreateFromDirectory(folder.File("plain"), folder.File("plain.zip"));
        string[] arguments = ["evaluate", "--model", _folder.File("out/model.pat"), "--data", folder.File(data)];
        var (exitCode, output, error) = Pat.Run(option == "" ? arguments : [.. arguments, option]);
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));
        var metrics = JsonDocument.Parse(output[0]).RootElement;
        Assert.That(metrics.GetProperty("images").GetInt32(), Is.EqualTo(images));
        Assert.That(metrics.GetProperty("unknown").GetInt32(), Is.Zero);
        Assert.That(error[^1], Does.Contain($"{images} {part} images"));
        Assert.That(error.Count(line => line.Contains("--held-out scores only")), Is.EqualTo(part == "given" ? 1 : 0));
    }

    [Test]
    public void Evaluation_of_other_classes_is_an_error_that_names_both()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "yak", "zebra" })
        {
            Directory.CreateDirectory(Path.Combine(folder.Path, name));
            File.Copy(_folder.File("data/test/arrow/000.bmp"), Path.Combine(folder.Path, name, "0.bmp"));
        }
        var (exitCode, output, error) =
            Pat.Run("evaluate", "--model", _folder.File("out/model.pat"), "--data", folder.Path);
        Assert.That((exitCode, output.Length), Is.EqualTo((1, 0)));
        Assert.That(error[^1], Does.Contain("yak, zebra").And.Contain("arrow"));
    }

    [Test]
    public void Export_does_not_overwrite_the_model()
    {
        var model = _folder.File("out/model.pat");
        var before = new FileInfo(model).Length;
        var (exitCode, _, error) = Pat.Run("export", "--model", model, "--out", model);
        Assert.That((exitCode, error.Length), Is.EqualTo((1, 1)));
        Assert.That(error[0], Does.Contain("--model reads"));
        Assert.That(new FileInfo(model).Length, Is.EqualTo(before));
    }

    [Test]
    public void Evaluation_of_no_images_says_what_was_left_out()
    {
        using var folder = new TemporaryFolder();
        folder.Write("cat/notes.txt", "nothing");
        var (exitCode, _, error) = Pat.Run("evaluate", "--model", _folder.File("out/model.pat"), "--data", folder.Path);
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error[0], Does.Contain("left out: 1 × .txt file"));
        Assert.That(error[^1], Does.StartWith("error: no images in"));
    }

    [Test]
    public void Raw_pixels_can_be_evaluated_with_an_archive_and_say_so_of_a_pipeline_of_files()
    {
        var data = _folder.Write("shapes.tar.gz", Drawings.BinaryArchive(100, 20));
        var (exitCode, output, error) = Pat.Run("evaluate", "--model", _folder.File("out/model.pat"), "--data", data);
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));
        Assert.That(
            JsonDocument.Parse(output[0]).RootElement.GetProperty("unknown").GetInt32(),
            Is.EqualTo(14),
            "seven of ten classes are not the model's");
        (exitCode, _, error) = Pat.Run("evaluate", "--model", _folder.File("out/model.zip"), "--data", data);
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error[^1], Does.StartWith("error: ").And.Contain("model.pat"));
    }

    [Test]
    public void An_archive_becomes_the_onnx_model_that_the_run_wrote()
    {
        var (exitCode, output, error) =
            Pat.Run("export", "--model", _folder.File("out/model.pat"), "--out", _folder.File("again.onnx"));
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));
        Assert.That(output[^1], Does.StartWith("written: "));
        Assert.That(
            File.ReadAllBytes(_folder.File("again.onnx")),
            Is.EqualTo(File.ReadAllBytes(_folder.File("out/compact.onnx"))));
    }

    [Test]
    public void Integers_need_images_and_make_the_model_smaller()
    {
        string[] export = ["export", "--model", _folder.File("out/model.pat"), "--out", _folder.File("int8.onnx")];
        var (exitCode, _, error) = Pat.Run([.. export, "--int8", "--calibration", _folder.File("data/train")]);
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));
        Assert.That(
            new FileInfo(_folder.File("int8.onnx")).Length,
            Is.LessThan(new FileInfo(_folder.File("out/compact.onnx")).Length / 2));

        (exitCode, _, error) = Pat.Run([.. export, "--int8"]);
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error[^1], Does.Contain("--calibration"));
        (exitCode, _, error) = Pat.Run([.. export, "--int8", "--calibration", _folder.File("nowhere")]);
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error[^1], Does.StartWith("error: no such folder").And.Contain("nowhere"));
    }

    [TestCase("predict", "--model", "nowhere.zip", "x.jpg")]
    [TestCase("evaluate", "--model", "nowhere.pat")]
    [TestCase("export", "--model", "nowhere.pat", "--out", "x.onnx")]
    public void A_model_that_is_not_there_is_named(params string[] arguments)
    {
        var (exitCode, _, error) = Pat.Run(arguments);
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error[^1], Does.StartWith("error: ").And.Contain("nowhere"));
    }

    [Test]
    public void A_file_that_is_no_model_is_refused_in_one_line([Values(".zip", ".pat")] string kind)
    {
        var file = _folder.Write("other" + kind, "something else");
        var (exitCode, _, error) = Pat.Run("predict", "--model", file, _folder.File("data/test/arrow/000.bmp"));
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error, Has.Length.EqualTo(1));
        Assert.That(error[0], Does.StartWith("error: "));
    }
}
