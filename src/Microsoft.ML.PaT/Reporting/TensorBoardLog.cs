using System.Buffers.Binary;
using System.Numerics;
using Google.Protobuf;
using Microsoft.ML.PaT.Onnx;
using Microsoft.ML.PaT.Results;

namespace Microsoft.ML.PaT.Reporting;

/// <summary>
/// Writes the scalars of a run to a TensorBoard event file: TFRecord records (length, its checksum, content, its
/// checksum), each an Event message of tensorflow/core/util/event.proto. Steps are training steps of the whole run.
/// </summary>
/// <remarks>If the disk is full, the log ends with a warning and the run continues.</remarks>
internal sealed class TensorBoardLog : IRunObserver, IDisposable
{
    /// <summary>
    /// TensorBoard reads files with <c>tfevents</c> in their names. The name is fixed, so a resumed run appends to its
    /// file.
    /// </summary>
    public const string FileName = "events.out.tfevents.pat";

    private const int HeaderBytes = 12;
    private const int FooterBytes = 4;
    private const int LongestRecord = 1 << 20;
    private readonly TimeProvider _clock;
    private readonly int _stepsPerEpoch;
    private readonly IRunObserver _warnings;
    private FileStream? _file;

    /// <param name="folder">Folder of the file; created if it does not exist.</param>
    /// <param name="resumesAt">The step at which the run resumes; later events are removed. Null for a new run.</param>
    /// <param name="stepsPerEpoch">Training steps per epoch at the start of the run.</param>
    /// <param name="clock">Source of the events' timestamps, which have no other effect.</param>
    /// <param name="warnings">Receives a warning if the log ends early.</param>
    public TensorBoardLog(string folder, long? resumesAt, int stepsPerEpoch, TimeProvider clock, IRunObserver warnings)
    {
        (_stepsPerEpoch, _clock, _warnings) = (stepsPerEpoch, clock, warnings);
        Try(() =>
        {
            OutputFolder.Make(folder);
            // TensorBoard may be reading the file.
            _file = new(
                Path.Combine(folder, FileName),
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.ReadWrite | FileShare.Delete);
            _file.SetLength(resumesAt is { } step ? LengthUntil(_file, step) : 0);
            _file.Position = _file.Length;
            const int fileVersion = 3;
            if (_file.Length == 0) Write(Event(step: 0).Text(fileVersion, "brain.Event:2"));
        });
    }

    public void OnEvent(RunEvent happened)
    {
        switch (happened)
        {
            case SubNetworkObserved { Observation: var seen }:
                Scalars(
                    (long)Math.Round(seen.At * _stepsPerEpoch),
                    ("pruning/epi", seen.Epi), ("pruning/tau", seen.Tau), ("pruning/psi", seen.Psi),
                    ("pruning/churn", seen.Churn));
                break;
            // Incomplete epochs are skipped: the resumed run logs them when they complete.
            case EpochEnded { IsComplete: true, Report: var epoch } ended:
                Scalars(
                    (epoch.Epoch + 1L) * _stepsPerEpoch,
                    ("training/loss", epoch.TrainLoss), ("validation/accuracy", epoch.Accuracy),
                    ("training/learning_rate", epoch.LearningRate),
                    ("training/images_per_second", epoch.ImagesPerSecond),
                    ("pruning/channels", ended.Channels));
                break;
        }
    }

    /// <summary>
    /// TFRecord's masked checksum: CRC-32C, rotated and shifted, because the CRC of data that contains its own CRC is
    /// degenerate.
    /// </summary>
    public static uint MaskedChecksum(ReadOnlySpan<byte> bytes)
    {
        const uint shift = 0xA282EAD8;
        return BitOperations.RotateRight(Crc32C(bytes), 15) + shift;
    }

    /// <summary>CRC-32C (Castagnoli, RFC 3720).</summary>
    public static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes) crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }

    public void Dispose() => _file?.Dispose();

    private void Scalars(long step, params (string Tag, double? Value)[] scalars)
    {
        const int tag = 1, simpleValue = 2, values = 1, summary = 5;
        var known = scalars.Where(s => s.Value is not null)
            .Select(s => new ProtoMessage().Text(tag, s.Tag).Float(simpleValue, (float)s.Value!.Value))
            .ToList();
        if (_file is null || known.Count == 0) return;
        Try(() => Write(Event(step).Message(summary, new ProtoMessage().Messages(values, known))));
    }

    private ProtoMessage Event(long step)
    {
        const int wallTime = 1, number = 2;
        return new ProtoMessage()
            .Double(wallTime, _clock.GetUtcNow().ToUnixTimeMilliseconds() / 1e3)
            .Integer(number, step);
    }

    private void Write(ProtoMessage message)
    {
        var record = new byte[HeaderBytes + message.Size + FooterBytes];
        var content = record.AsSpan(HeaderBytes..^FooterBytes);
        BinaryPrimitives.WriteInt64LittleEndian(record, message.Size);
        BinaryPrimitives.WriteUInt32LittleEndian(
            record.AsSpan(sizeof(long)), MaskedChecksum(record.AsSpan(0, sizeof(long))));
        using (var output = new CodedOutputStream(new MemoryStream(record, HeaderBytes, content.Length)))
            message.WriteTo(output);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(^FooterBytes..), MaskedChecksum(content));
        // A single write call: a killed process leaves only complete records, and Open removes an incomplete one.
        _file!.Write(record);
        _file.Flush();
    }

    /// <summary>
    /// Returns the number of bytes before the first record that is damaged, incomplete, or of a later step.
    /// </summary>
    private static long LengthUntil(FileStream file, long lastStep)
    {
        var header = new byte[HeaderBytes];
        var end = 0L;
        for (file.Position = 0; file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) == HeaderBytes;
            end = file.Position)
        {
            var length = BinaryPrimitives.ReadInt64LittleEndian(header);
            var checksum = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(sizeof(long)));
            if (length is < 0 or > LongestRecord || checksum != MaskedChecksum(header.AsSpan(0, sizeof(long)))) break;
            var content = new byte[length + FooterBytes];
            if (file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false) < content.Length) break;
            var message = content.AsSpan(..^FooterBytes);
            if (BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(^FooterBytes..)) != MaskedChecksum(message)
                || StepOf(message.ToArray()) > lastStep)
            {
                break;
            }
        }
        return end;
    }

    private static long StepOf(byte[] message)
    {
        const uint step = 2 << 3; // field 2, a varint
        var input = new CodedInputStream(message);
        for (uint tag; (tag = input.ReadTag()) != 0;)
        {
            if (tag == step) return input.ReadInt64();
            input.SkipLastField();
        }
        return 0;
    }

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidProtocolBufferException)
        {
            _file?.Dispose();
            _file = null;
            _warnings.OnEvent(
                new RunMessage($"The TensorBoard log cannot be written, and the run continues without it: {e.Message}")
                {
                    Severity = RunEventSeverity.Warning,
                });
        }
    }
}
