using System.Globalization;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Progress of one calculation: checkpoints reach the log as trace messages that name the metrics and units of the header.</summary>
internal sealed class ProgressChannel(string source, HostShared shared) : IProgressChannel
{
    private readonly Lock _sync = new();
    private ProgressHeader _header = new();
    private Action<IProgressEntry> _fill;
    private bool _disposed;

    public void SetHeader(ProgressHeader header, Action<IProgressEntry> fillAction)
    {
        ArgumentNullException.ThrowIfNull(header);
        ObjectDisposedException.ThrowIf(_disposed, this);
        lock (_sync)
        {
            _header = header;
            _fill = fillAction;
        }
    }

    /// <summary>Values in the order metrics, units; after them, optionally, the units' limits.</summary>
    public void Checkpoint(params double?[] values)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        lock (_sync)
        {
            var entry = new Entry(_header);
            _fill?.Invoke(entry);
            int metrics = _header.MetricNames.Count, units = _header.UnitNames.Count;
            for (int i = 0; i < (values?.Length ?? 0); i++)
            {
                if (values[i] is not double value) continue;
                if (i < metrics) entry.SetMetric(i, value);
                else if (i < metrics + units) entry.SetProgress(i - metrics, value);
                else if (i < metrics + 2 * units) entry.SetLimit(i - metrics - units, value);
                else throw new ArgumentOutOfRangeException(nameof(values), $"The header has {metrics} metrics and {units} units.");
            }
            shared.Listener(source, new ChannelMessage(ChannelMessageKind.Trace, MessageSensitivity.None, entry.ToString()));
        }
    }

    public IProgressChannel StartProgressChannel(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new ProgressChannel($"{source}; {name}", shared);
    }

    public void Dispose() => _disposed = true;

    private sealed class Entry(ProgressHeader header) : IProgressEntry
    {
        private readonly double?[] _metrics = new double?[header.MetricNames.Count];
        private readonly double?[] _progress = new double?[header.UnitNames.Count];
        private readonly double?[] _limits = new double?[header.UnitNames.Count];

        public void SetMetric(int index, double value) => _metrics[index] = value;
        public void SetProgress(int index, double value) => _progress[index] = value;

        public void SetProgress(int index, double value, double lim)
        {
            _progress[index] = value;
            _limits[index] = lim;
        }

        internal void SetLimit(int index, double lim) => _limits[index] = lim;

        public override string ToString()
        {
            var parts = new List<string>();
            for (int i = 0; i < _progress.Length; i++)
                if (_progress[i] is double p) parts.Add(string.Create(CultureInfo.InvariantCulture, $"{p}{(_limits[i] is double l ? $"/{l}" : "")} {header.UnitNames[i]}"));
            for (int i = 0; i < _metrics.Length; i++)
                if (_metrics[i] is double m) parts.Add(string.Create(CultureInfo.InvariantCulture, $"{header.MetricNames[i]}: {m}"));
            return string.Join(", ", parts);
        }
    }
}
