using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Microsoft.ML.PaT;

/// <summary>A connection for lines of text, read on a thread of its own. Owns both.</summary>
internal sealed class PulseLine : IDisposable
{
    private readonly TcpClient _client;
    private readonly Action<string> _heard;
    private readonly Thread _thread;
    private long _last = Stopwatch.GetTimestamp();
    private volatile bool _closed;

    /// <summary>Takes a connection over.</summary>
    /// <param name="client">The connection.</param>
    /// <param name="patience">How long a line may take to go out.</param>
    /// <param name="heard">Receives each line.</param>
    public PulseLine(TcpClient client, TimeSpan patience, Action<string> heard)
    {
        (_client, _heard) = (client, heard);
        client.NoDelay = true;
        client.SendTimeout = (int)patience.TotalMilliseconds;
        _thread = new(Read) { IsBackground = true, Name = "pulse" };
    }

    /// <summary>Whether the other side is gone.</summary>
    public bool IsClosed => _closed;

    /// <summary>How long nothing was heard.</summary>
    public TimeSpan Silent => Stopwatch.GetElapsedTime(Interlocked.Read(ref _last));

    /// <summary>Begins to listen.</summary>
    public void Start() => _thread.Start();

    /// <summary>Sends a line; to whom is gone, nothing.</summary>
    public void Say(string line)
    {
        try
        {
            if (!_closed) _client.GetStream().Write(Encoding.UTF8.GetBytes(line + "\n"));
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            _closed = true;
        }
    }

    public void Dispose() => _client.Dispose();

    private void Read()
    {
        try
        {
            using var reader = new StreamReader(_client.GetStream(), Encoding.UTF8);
            while (reader.ReadLine() is { } line)
            {
                Interlocked.Exchange(ref _last, Stopwatch.GetTimestamp());
                _heard(line);
            }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            // Cut off, or no rank of ours: both are a line that is closed.
        }
        _closed = true;
    }
}
