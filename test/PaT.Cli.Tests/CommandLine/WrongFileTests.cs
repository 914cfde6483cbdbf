namespace PaT.Cli.Tests;

/// <summary>Files and folders of the wrong kind: the message has the path, the cause and what to do.</summary>
public sealed class WrongFileTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void A_report_given_as_a_recipe_is_recognized()
    {
        var file = _folder.Write("report.json", """{"version": 1, "recipe": {"seed": 1}, "epochs": []}""");
        Assert.That(
            Error("train", "--recipe", file),
            Does.Contain($"{file} is the report of a run, not a recipe").And.Contain("recipe.json"));
    }

    [TestCase("{\"seed\": 1,\n \"training\": {\"epochs\": 3", "line 2")]
    [TestCase("{\"seed\": 1,\n seed: 2}", "line 2")]
    [TestCase("epochs: 3", "line 1")]
    public void A_broken_recipe_is_named_by_file_and_line(string text, string line)
    {
        var file = _folder.Write("recipe.json", text);
        Assert.That(
            Error("train", "--recipe", file),
            Does.Contain(file).And.Contain(line).And.Not.Contain("LineNumber").And.Not.Contain("BytePosition"));
    }

    [TestCase("inspect", "network", "--network")]
    [TestCase("study", "indicator", "--tau", "0.9", "--curve")]
    [TestCase("study", "indicator", "--counts")]
    public void Json_of_the_wrong_kind_has_no_names_of_types(params string[] command)
    {
        foreach (var text in (string[])["{\"name\": 3}", "[1, 2]", "{", "{\"input\": \"x\", \"layers\": 5}"])
        {
            var file = _folder.Write("some.json", text);
            Assert.That(
                Error([.. command, file]),
                Does.Contain(file).And.Not.Contain("System.").And.Not.Contain("Microsoft.ML").And.Not.Contain("`"));
        }
    }

    [Test]
    public void A_text_file_is_no_network()
    {
        var file = _folder.Write("notes.txt", "resnet20");
        Assert.That(
            Error("train", "--network", file), Does.Contain($"{file} has no network").And.Contain(".json"));
    }

    [Test]
    public void An_onnx_model_cannot_be_evaluated_and_the_message_says_what_can()
    {
        var file = _folder.Write("model.onnx", "x");
        Assert.That(
            Error("evaluate", "--model", file, "--data", "shapes"),
            Does.Contain($"{file} is an ONNX model").And.Contain("model.pat"));
    }

    [Test]
    public void A_folder_is_no_image_and_a_pipeline_is_no_archive()
    {
        var (model, folder) = (_folder.File("model.pat"), Directory.CreateDirectory(_folder.File("images")).FullName);
        Assert.That(
            Pat.Run("prune", "--network", "resnet8", "--prune-channels", "0", "--out", model).ExitCode, Is.Zero);
        Assert.That(
            Error("predict", "--model", model, folder),
            Does.Contain($"{folder}: it is a folder; give the images in it"));
        var pipeline = _folder.Write("model.zip", "PK");
        Assert.That(
            Error("export", "--model", pipeline, "--out", _folder.File("x.onnx")),
            Does.Contain($"{pipeline} is not an archive: give the model.pat"));
    }

    [TestCase("x.pat")]
    [TestCase("x.onnx")]
    public void A_file_that_cannot_be_written_is_named_as_it_was_given(string name)
    {
        var file = _folder.File(name);
        string[] prune = ["prune", "--network", "resnet8", "--prune-channels", "0.5", "--out", file];
        Directory.CreateDirectory($"{file}.new"); // in the place of the temporary file; root may write everywhere else
        Assert.That(Error(prune), Does.Contain($"'{file}'").And.Not.Contain(".new"));
        var below = Path.Combine(_folder.Write("file", ""), name);
        Assert.That(Error([.. prune[..^1], below]), Does.Contain("file is a file").And.Not.Contain("create it"));
    }

    [Test]
    public void Evaluate_does_not_score_images_that_nobody_asked_for()
    {
        var model = _folder.File("model.pat");
        Assert.That(
            Pat.Run("prune", "--network", "resnet8", "--prune-channels", "0", "--out", model).ExitCode, Is.Zero);
        var images = Environment.GetEnvironmentVariable("PAT_DATA");
        Environment.SetEnvironmentVariable("PAT_DATA", null);
        try
        {
            Assert.That(Error("evaluate", "--model", model), Does.Contain("--data PATH is missing"));
        }
        finally
        {
            Environment.SetEnvironmentVariable("PAT_DATA", images);
        }
    }

    [Test]
    public void Rows_of_labels_without_a_file_are_named_by_line()
    {
        var file = _folder.Write("labels.csv", "path,label\ncat/1.jpg,cat\ndog/2.jpg,dog\n");
        Assert.That(
            Error("train", "--data", file, "--out", _folder.File("out")),
            Does.Contain("2 × row of labels.csv without a file (the first in line 2: cat/1.jpg)"));
    }

    [Test]
    public void A_command_that_fails_leaves_no_folder()
    {
        var data = _folder.Write("data/one/1.jpg", "no image");
        foreach (var command in (string[])["train", "quickstart", "sweep", "study oracle"])
        {
            Error([.. command.Split(' '), "--data", Path.GetDirectoryName(data)!, "--out", _folder.File("a/b/c")]);
            Assert.That(Directory.Exists(_folder.File("a")), Is.False, command);
        }
        foreach (var (name, content) in Drawings.ClassFolders("images/", classes: 2, each: 10))
            _folder.Write(name, content);
        Error(
            "train", "--data", _folder.File("images"), "--network", "resnet8", "--prune-channels", "0.999", "--out",
            _folder.File("a/b/c"));
        Assert.That(Directory.Exists(_folder.File("a")), Is.False, "the target is found to be out of reach late");
    }

    [Test]
    public void An_archive_made_of_an_onnx_file_keeps_the_names_of_the_classes()
    {
        var (definition, onnx, archive) = (_folder.File("a.pat"), _folder.File("a.onnx"), _folder.File("b.pat"));
        using (var classifier = ImageClassifier.Create(
            Networks.ByName("resnet8"), classes: [.. Enumerable.Range(0, 10).Select(i => $"name {i}")]))
        {
            classifier.SaveOnnx(onnx);
            classifier.SaveArchive(definition);
        }
        foreach (var source in (string[])[onnx, definition])
        {
            var (exitCode, _, error) = Pat.Run(
                "prune", "--network", source, "--prune-channels", "0.5", "--out", archive);
            Assert.That(exitCode, Is.Zero, string.Join('\n', error));
            using var pruned = ImageClassifier.Load(archive);
            Assert.That(pruned.Classes[9], Is.EqualTo("name 9"), source);
        }
    }

    private static string Error(params string[] arguments)
    {
        var (exitCode, output, error) = Pat.Run(arguments);
        Assert.That((exitCode, output.Length), Is.EqualTo((1, 0)), string.Join('\n', error));
        Assert.That(error[^1], Does.StartWith("error: "));
        return error[^1];
    }
}
