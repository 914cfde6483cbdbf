using System.Text;

namespace Microsoft.ML.PaT.Tests;

public sealed class LabelFileTests
{
    private readonly TemporaryFolder _folder = new();

    [SetUp]
    public void Write_images()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Name, "sub"));
        var decomposed = "grün.jpg".Normalize(NormalizationForm.FormD);
        foreach (var name in (string[])["1.jpg", "2.jpg", "sub/3, really.jpg", decomposed])
            File.WriteAllBytes(Path.Combine(_folder.Name, name), [1]);
    }

    [OneTimeTearDown]
    public void Remove() => _folder.Dispose();

    [TestCase("labels.csv", "1.jpg,cat\n./sub/3, really.jpg,x\n", "line 2")]
    [TestCase("labels.csv", "1.jpg,cat\n\n2.jpg,\n", "line 3")]
    [TestCase("labels.csv", "\"1.jpg,cat\n", "line 1")]
    [TestCase("labels.tsv", "1.jpg,cat\n", "line 1")]
    public void A_row_that_cannot_be_read_is_named_by_its_line(string name, string text, string line)
    {
        if (line == "line 2") text = "1.jpg,cat\n,cat\n";
        var file = Write(name, text, new UTF8Encoding());
        Assert.That(
            () => ImageFolder.Read(file),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains(line).And.Message.Contains(file));
    }

    [TestCase("labels.csv", "1.jpg,cat\n\"sub/3, really.jpg\",\"a \"\"dog\"\"\"\n")]
    [TestCase("labels.csv", "label,path\r\ncat,1.jpg\r\n\"a \"\"dog\"\"\",\"sub/3, really.jpg\"\r\n")]
    [TestCase("labels.csv", "id,file_name,class\n1,1.jpg,cat\n2,\"sub\\3, really.jpg\",\"a \"\"dog\"\"\"\n")]
    [TestCase("labels.tsv", "1.jpg\tcat\nsub/3, really.jpg\t\"a \"\"dog\"\"\"\n")]
    public void Rows_give_the_classes(string name, string text)
    {
        Encoding[] encodings =
            [new UTF8Encoding(), new UTF8Encoding(true), Encoding.Unicode, Encoding.BigEndianUnicode];
        foreach (var encoding in encodings)
        {
            var file = Write(name, text, encoding);
            foreach (var path in (string[])[file, _folder.Name])
            {
                var folder = ImageFolder.Read(path);
                Assert.That(
                    folder.Training.Select(i => (i.Name, i.Label)),
                    Is.EqualTo(new[] { ("1.jpg", "cat"), ("sub/3, really.jpg", "a \"dog\"") }));
                Assert.That(folder.Training[1].Image, Has.Length.EqualTo(1));
                Assert.That(
                    folder.LeftOut, Is.EqualTo(new Dictionary<string, int> { [$"file without a row in {name}"] = 2 }));
            }
        }
    }

    [Test]
    public void What_is_missing_or_repeated_is_counted_and_unicode_forms_are_equal()
    {
        var name = "grün.jpg".Normalize(NormalizationForm.FormC);
        var folder = ImageFolder.Read(
            Write(
                "labels.csv",
                $"{name},cat\n1.jpg,cat\n1.jpg,dog\nnowhere.jpg,dog\n{_folder.Name}/2.jpg,dog\n",
                new UTF8Encoding()));
        Assert.That(
            folder.Training.Select(i => (i.Name, i.Label)),
            Is.EqualTo(new[] { (name, "cat"), ("1.jpg", "cat"), ("2.jpg", "dog") }));
        Assert.That(folder.Training[0].Image, Has.Length.EqualTo(1));
        Assert.That(
            folder.LeftOut,
            Is.EqualTo(
                new Dictionary<string, int>
                {
                    ["file without a row in labels.csv"] = 1,
                    ["repeated row of labels.csv"] = 1,
                    ["row of labels.csv without a file (the first in line 4: nowhere.jpg)"] = 1,
                }));
    }

    private string Write(string name, string text, Encoding encoding)
    {
        foreach (var old in Directory.GetFiles(_folder.Name, "labels.*")) File.Delete(old);
        var file = Path.Combine(_folder.Name, name);
        File.WriteAllText(file, text, encoding);
        return file;
    }
}
