namespace TorchSharp;

public static partial class torch
{
    /// <summary>Where a tensor lives: a kind of device and, where there are several, which one (-1: the current one).</summary>
    public class Device
    {
        public Device(DeviceType type, int index = -1)
        {
            if (index < -1) throw new ArgumentException($"A device's index is at least 0, not {index}.", nameof(index));
            this.type = type;
            this.index = type == DeviceType.CPU ? -1 : index;
        }

        public Device(string type, int index = -1) : this(Parse(type), index) { }

        public Device(int index) : this(DeviceType.CUDA, index) { }

        public Device(string description)
        {
            var parts = description.Split(':');
            type = Parse(parts[0]);
            index = -1;
            if (parts.Length == 1) return;
            if (parts.Length > 2 || !int.TryParse(parts[1], out int parsed) || parsed < 0)
                throw new ArgumentException($"'{description}' is not a device: expected a form like 'cpu' or 'cuda:0'.", nameof(description));
            index = type == DeviceType.CPU ? -1 : parsed;
        }

        public DeviceType type { get; }
        public int index { get; }

        public override string ToString() => index < 0 ? type.ToString().ToLowerInvariant() : $"{type.ToString().ToLowerInvariant()}:{index}";

        public static implicit operator Device(string description) => new(description);

        private static DeviceType Parse(string type) => Enum.TryParse<DeviceType>(type.Trim(), ignoreCase: true, out var parsed) && !char.IsAsciiDigit(type.Trim()[0])
            ? parsed
            : throw new ArgumentException($"'{type}' is not a kind of device.", nameof(type));
    }

    public static Device CPU = new(DeviceType.CPU);
    public static Device META = new(DeviceType.META);
    public static Device CUDA => new(DeviceType.CUDA);

    public static Device device(string description) => new(description);
    public static Device device(string type, int index = -1) => new(type, index);
    public static Device device(DeviceType type, int index = -1) => new(type, index);
    public static Device device(int index) => new(index);

    private static Device s_defaultDevice = CPU;

    public static Device get_default_device() => s_defaultDevice;
    public static void set_default_device(Device device) => s_defaultDevice = device;
    public static void set_default_device(string device) => s_defaultDevice = new Device(device);
}
