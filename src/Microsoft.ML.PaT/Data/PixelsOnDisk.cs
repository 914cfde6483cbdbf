using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using Microsoft.ML.PaT.Core;
using Microsoft.Win32.SafeHandles;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Data;

/// <summary>
/// Pixels in a file, each image with its checksum. The file is read by position and not mapped into memory, because
/// truncating a mapped file kills the process with a signal (docs/decisions/image-store.md). Owns the file handle.
/// </summary>
internal sealed class PixelsOnDisk : PixelRows
{
    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly long _offset;
    private readonly uint[] _checksums;

    /// <param name="file">The open file; owned.</param>
    /// <param name="offset">Offset of the first image in bytes.</param>
    public PixelsOnDisk(SafeFileHandle file, string path, long offset, ImageShape shape, uint[] checksums)
    {
        (_file, _path, _offset, _checksums) = (file, path, offset, checksums);
        Shape = shape;
    }

    public override ImageShape Shape { get; }

    public override int Count => _checksums.Length;

    public override bool AreOnDisk => true;

    /// <summary>CRC-32C of an image. It detects damage but not forgery.</summary>
    public static uint Checksum(ReadOnlySpan<byte> image)
    {
        var crc = uint.MaxValue;
        var words = MemoryMarshal.Cast<byte, ulong>(image);
        foreach (var word in words) crc = BitOperations.Crc32C(crc, word);
        foreach (var value in image[(words.Length * sizeof(ulong))..]) crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }

    public override Tensor Read(Tensor rows)
    {
        var batch = Empty(rows.shape[0]);
        Read(rows, batch);
        return batch;
    }

    public override void Read(Tensor rows, Tensor batch)
    {
        var numbers = MemoryMarshal.Cast<byte, long>(rows.bytes);
        for (var i = 0; i < numbers.Length; i++) Read(numbers[i], batch, i);
    }

    public override Tensor Read(long start, long count)
    {
        var batch = Empty(count);
        for (long i = 0; i < count; i++) Read(start + i, batch, i);
        return batch;
    }

    /// <summary>Reads the whole file on all cores.</summary>
    /// <exception cref="InvalidFileException">The checksum of an image does not match.</exception>
    public void Check(CancellationToken cancellation)
    {
        const int block = 64;
        Blocks.ForEach(Count, block, cancellation, (start, count) =>
        {
            var image = ArrayPool<byte>.Shared.Rent(Shape.Size);
            for (var i = start; i < start + count; i++) Read(i, image.AsSpan(0, Shape.Size));
            ArrayPool<byte>.Shared.Return(image);
        });
    }

    private protected override void Free() => _file.Dispose();

    private Tensor Empty(long count) =>
        empty([count, Shape.Channels, Shape.Height, Shape.Width], dtype: uint8, device: CPU);

    private void Read(long image, Tensor batch, long position)
    {
        using var row = batch.narrow(0, position, 1);
        Read(image, row.bytes);
    }

    private void Read(long image, Span<byte> pixels)
    {
        try
        {
            for (var read = 0; read < pixels.Length;)
            {
                var count = RandomAccess.Read(_file, pixels[read..], _offset + image * pixels.Length + read);
                if (count == 0) throw Changed("it was truncated");
                read += count;
            }
        }
        catch (IOException e)
        {
            throw Changed(e.Message, e);
        }
        if (Checksum(pixels) != _checksums[image]) throw Changed($"image {image} does not match its checksum");
    }

    private InvalidFileException Changed(string what, Exception? cause = null) =>
        new(
            ErrorCodes.ImageCacheChanged,
            $"The file of decoded images {_path} was changed or damaged: {what}. Run again: the images are decoded "
                + "again, and a run with checkpoints resumes (Checkpoints.Resume).",
            cause);
}
