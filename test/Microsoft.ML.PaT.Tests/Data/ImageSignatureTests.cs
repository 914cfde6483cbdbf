using System.Text;
using Microsoft.ML.PaT.Data;

namespace Microsoft.ML.PaT.Tests;

public class ImageSignatureTests
{
    [TestCaseSource(typeof(SampleImages), nameof(SampleImages.Kinds))]
    public void Every_format_is_recognized_by_its_content(string kind)
    {
        Assert.That(ImageDecoder.HasImageContent(SampleImages.Of(kind).AsSpan(0, 16)), Is.True);
        Assert.That(ImageSignature.FormatOf(SampleImages.Of(kind))?.ToString(),
            Is.EqualTo(kind == "jpg" ? "Jpeg" : kind).IgnoreCase);
    }

    [TestCase("", "no bytes", "get the file again")]
    [TestCase("\0\0\0\0\0\0\0\0", "zero bytes", "get the file again")]
    [TestCase("II*\0abcd", "TIFF", "convert")]
    [TestCase("MM\0*abcd", "TIFF", "convert")]
    [TestCase("\0\0\0\u001Cftypavif", "AVIF", "convert")]
    [TestCase("\0\0\0\u001Cftypheic", "HEIC", "convert")]
    [TestCase("\0\0\0\u001Cftypmif1", "HEIC", "convert")]
    [TestCase("\0\0\0\u0018ftypmp42", "video", "convert")]
    [TestCase("\0\0\0\u000CJXL \r\n", "JPEG XL", "convert")]
    [TestCase("%PDF-1.7", "PDF", "convert")]
    [TestCase("\0\0\u0001\0\u0001\0", "icon", "convert")]
    [TestCase("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", "Git LFS pointer",
        "git lfs pull")]
    [TestCase("<!DOCTYPE html><html><head>", "HTML page", "download the image itself")]
    [TestCase("\uFEFF\n <HTML lang='en'>", "HTML page", "download the image itself")]
    [TestCase("<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG", "convert")]
    [TestCase("Not found: cät.jpg", "text", "get the file again")]
    [TestCase("BMW builds cars", "text", "get the file again")]
    [TestCase("PK\u0003\u0004abcd", "ZIP archive", "unpack it")]
    [TestCase("\u0001\u0002\u0003", "unknown format (first bytes 010203)", "get the file again")]
    public void Other_content_is_named_with_what_was_expected_and_what_to_do(string content, string what, string remedy)
    {
        var file = Encoding.UTF8.GetBytes(content);
        Assert.That(ImageSignature.FormatOf(file), Is.Null);
        Assert.That(ImageSignature.Describe(file), Does.Contain(what).And.Contain("not JPEG, PNG, GIF, BMP or WebP")
            .And.Contain(remedy));
    }

    [Test]
    public void Extensions_are_compared_without_case() =>
        Assert.That(
            new[] { "A.JPG", "a.jpe", "b.JFIF", "x.webp", "x.txt", "jpg", "x.c" }
                .Select(ImageDecoder.HasImageExtension),
            Is.EqualTo(new[] { true, true, true, true, false, false, false }));
}
