using System.Runtime.InteropServices;
using System.Text;

namespace Microsoft.ML.PaT;

/// <summary>A connection to libtorch's key-value store over TCP, which rank 0 keeps. Calls wait for each other; two threads take two connections. Owns the connection.</summary>
internal sealed class KeyValueStore : IDisposable
{
    private readonly PatHandle _store;

    private KeyValueStore(IntPtr store) => _store = new(store, NativeMethods.pat_store_release);

    /// <summary>Connects.</summary>
    /// <param name="host">Where the store is.</param>
    /// <param name="port">Its port.</param>
    /// <param name="serves">Whether this process keeps it.</param>
    /// <param name="timeout">How long to try, and how long an answer may take.</param>
    /// <exception cref="ExternalException">There is none, or the port is taken.</exception>
    public static KeyValueStore Open(string host, int port, bool serves, TimeSpan timeout)
    {
        PatNative.Check(NativeMethods.pat_store_open(host, port, serves ? 1 : 0, (long)timeout.TotalMilliseconds, out var store));
        return new(store);
    }

    /// <summary>For the native library.</summary>
    public PatHandle Handle => _store;

    /// <summary>Sets a value.</summary>
    public unsafe void Set(string key, string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        fixed (byte* start = bytes)
        {
            var at = (IntPtr)start;
            Use(store => NativeMethods.pat_store_set(store, key, (byte*)at, bytes.Length));
        }
    }

    /// <summary>A value; null where there is none yet.</summary>
    public unsafe string? Find(string key)
    {
        var has = 0;
        Use(store => NativeMethods.pat_store_has(store, key, out has));
        if (has == 0) return null;
        var bytes = new byte[256];
        for (long length; ; bytes = new byte[length])
        {
            length = 0;
            fixed (byte* start = bytes)
            {
                var (at, room) = ((IntPtr)start, bytes.Length);
                Use(store => NativeMethods.pat_store_get(store, key, (byte*)at, room, out length));
            }
            if (length <= bytes.Length) return Encoding.UTF8.GetString(bytes, 0, (int)length);
        }
    }

    /// <summary>Adds to a number that begins with 0.</summary>
    /// <returns>The sum.</returns>
    public long Add(string key, long amount)
    {
        long sum = 0;
        Use(store => NativeMethods.pat_store_add(store, key, amount, out sum));
        return sum;
    }

    public void Dispose() => _store.Dispose();

    private delegate int Call(IntPtr store);

    private void Use(Call call)
    {
        var added = false;
        try
        {
            _store.DangerousAddRef(ref added);
            PatNative.Check(call(_store.DangerousGetHandle()));
        }
        finally
        {
            if (added) _store.DangerousRelease();
        }
    }
}
