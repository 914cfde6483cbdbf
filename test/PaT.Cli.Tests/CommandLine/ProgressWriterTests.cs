using System.Text;

namespace PaT.Cli.Tests;

public class ProgressWriterTests
{
    [Test]
    public void Progress_that_cannot_be_written_is_dropped()
    {
        using var writer = new ProgressWriter(new FullDisk());
        Assert.That(
            () =>
            {
                writer.Write('a');
                writer.WriteLine("epoch 1");
                writer.Flush();
            },
            Throws.Nothing);
    }

    private sealed class FullDisk : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => throw new IOException("No space left on device");

        public override void Flush() => throw new IOException("No space left on device");
    }
}
