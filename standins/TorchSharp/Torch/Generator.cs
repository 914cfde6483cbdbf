using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A source of random numbers with a state of its own.</summary>
    public class Generator : IDisposable
    {
        private IntPtr _handle;

        public Generator(ulong seed = 0, Device? device = null)
        {
            this.device = device ?? CPU;
            Status.Check(NativeMethods.sts_generator_new((int)this.device.type, this.device.index, out _handle));
            Status.Check(NativeMethods.sts_generator_set_seed(_handle, (long)seed));
        }

        private Generator(IntPtr handle, Device device)
        {
            _handle = handle;
            this.device = device;
        }

        ~Generator() => Dispose(false);

        public static Generator Default
        {
            get
            {
                Status.Check(NativeMethods.sts_generator_default((int)DeviceType.CPU, -1, out var handle));
                return new Generator(handle, CPU);
            }
        }

        public IntPtr Handle => _handle != IntPtr.Zero ? _handle : throw new ObjectDisposedException(nameof(Generator));

        public Device device { get; private set; }

        public Tensor get_state()
        {
            Status.Check(NativeMethods.sts_generator_get_state(Handle, out var state));
            GC.KeepAlive(this);
            return new Tensor(state);
        }

        public void set_state(Tensor value)
        {
            Status.Check(NativeMethods.sts_generator_set_state(Handle, value.Handle));
            GC.KeepAlive(value);
            GC.KeepAlive(this);
        }

        public Generator manual_seed(long seed)
        {
            Status.Check(NativeMethods.sts_generator_set_seed(Handle, seed));
            GC.KeepAlive(this);
            return this;
        }

        /// <summary>Seeds from the system's entropy and returns what it took.</summary>
        public long seed()
        {
            Status.Check(NativeMethods.sts_generator_random_seed(Handle, out long seed));
            GC.KeepAlive(this);
            return seed;
        }

        public long initial_seed()
        {
            Status.Check(NativeMethods.sts_generator_initial_seed(Handle, out long seed));
            GC.KeepAlive(this);
            return seed;
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            var handle = Interlocked.Exchange(ref _handle, IntPtr.Zero);
            if (handle != IntPtr.Zero) Status.Check(NativeMethods.sts_generator_release(handle));
        }
    }

    /// <summary>Random numbers of the whole process.</summary>
    public static class random
    {
        /// <summary>Seeds the default generators of every device.</summary>
        public static Generator manual_seed(long seed)
        {
            Status.Check(NativeMethods.sts_manual_seed(seed));
            return Generator.Default;
        }

        public static long seed()
        {
            using var generator = Generator.Default;
            return generator.seed();
        }

        public static long initial_seed()
        {
            using var generator = Generator.Default;
            return generator.initial_seed();
        }

        public static Tensor get_rng_state()
        {
            using var generator = Generator.Default;
            return generator.get_state();
        }

        public static void set_rng_state(Tensor new_state)
        {
            using var generator = Generator.Default;
            generator.set_state(new_state);
        }
    }

    public static Generator manual_seed(long seed) => random.manual_seed(seed);
    public static long seed() => random.seed();
    public static long initial_seed() => random.initial_seed();
    public static Tensor get_rng_state() => random.get_rng_state();
    public static void set_rng_state(Tensor new_state) => random.set_rng_state(new_state);
}
