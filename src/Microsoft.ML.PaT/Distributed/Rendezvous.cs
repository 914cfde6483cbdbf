using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Microsoft.ML.PaT;

/// <summary>How the ranks of a group find each other: each tells the store of rank 0 who and where it is, and waits until all have.</summary>
internal sealed class Rendezvous : IDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    /// <summary>Groups that this process has joined: a second one uses other keys.</summary>
    private static readonly ConcurrentDictionary<(string, int, int), int> s_joined = [];

    private readonly DistributedOptions _options;
    private readonly bool _serves;

    private Rendezvous(DistributedOptions options)
    {
        _options = options;
        _serves = options.Rank == 0 && !string.Equals(Environment.GetEnvironmentVariable(LauncherEnvironment.AgentStore), "True", StringComparison.OrdinalIgnoreCase);
        var number = s_joined.AddOrUpdate((options.MasterAddress, options.MasterPort, options.Rank), 1, (_, before) => before + 1);
        Prefix = $"pat/{Environment.GetEnvironmentVariable(LauncherEnvironment.Attempt) ?? "0"}/{number}/";
        Store = Connect(_serves);
    }

    /// <summary>What the group's keys begin with.</summary>
    public string Prefix { get; }

    /// <summary>The store; rank 0 keeps it with this connection.</summary>
    public KeyValueStore Store { get; }

    /// <summary>All ranks.</summary>
    public IReadOnlyList<RankInfo> Ranks { get; private set; } = [];

    /// <summary>Waits until all ranks are there.</summary>
    /// <param name="options">Who this is, and where the others are.</param>
    /// <exception cref="RanksException">One is missing, the master cannot be reached, or the ranks contradict each other.</exception>
    public static Rendezvous Meet(DistributedOptions options)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var rendezvous = new Rendezvous(options);
            try
            {
                rendezvous.Join(options.Timeout - clock.Elapsed);
                return rendezvous;
            }
            catch (ExternalException e)
            {
                rendezvous.Dispose();
                // The store of an earlier group was about to close.
                if (clock.Elapsed > options.Timeout) throw new RanksException($"{rendezvous.Us} lost the connection to rank 0 at {rendezvous.Master}: {e.Message}", e);
                s_joined.AddOrUpdate((options.MasterAddress, options.MasterPort, options.Rank), 1, (_, before) => before - 1);
            }
            catch
            {
                rendezvous.Dispose();
                throw;
            }
        }
    }

    /// <summary>Starts the group's signs of life, for which rank 0 listens at a port of its own.</summary>
    public RankPulse StartPulse(Patience patience)
    {
        var key = Prefix + "pulse";
        if (_options.Rank > 0)
        {
            string? port;
            for (var clock = Stopwatch.StartNew(); (port = Store.Find(key)) is null; Thread.Sleep(s_look))
            {
                if (clock.Elapsed > _options.Timeout) throw new RanksException($"{Us} waits in vain for rank 0, which has joined and then said no more.");
            }
            return new(_options.Rank, Ranks, patience, listener: null, (_options.MasterAddress, int.Parse(port, CultureInfo.InvariantCulture)));
        }
        var listener = TcpListener.Create(port: 0);
        listener.Start(_options.WorldSize);
        Store.Set(key, ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture));
        return new(0, Ranks, patience, listener, default);
    }

    private KeyValueStore Connect(bool serves)
    {
        try
        {
            return KeyValueStore.Open(_options.MasterAddress, _options.MasterPort, serves, _options.Timeout);
        }
        catch (ExternalException e)
        {
            throw new RanksException(serves
                ? $"{Us} cannot keep the group's store at {Master}: {e.Message} Is the port taken by another program, or by another process that is rank 0 as well? Give all ranks another MASTER_PORT."
                : $"{Us} cannot reach rank 0 at {Master} within {_options.Timeout.TotalSeconds:0.#} s (Training.Distributed.Timeout): {e.Message} Start rank 0 there, and see that MASTER_ADDR and MASTER_PORT are right and no firewall is between.", e);
        }
    }

    /// <summary>Where this rank can be reached by the others: the address that it has on the way to them.</summary>
    public string OwnAddress()
    {
        var own = Ranks[_options.Rank].Address;
        // A machine may know its own name as a loopback address, which nobody else can reach.
        var other = Ranks.FirstOrDefault(r => !IPAddress.IsLoopback(IPAddress.Parse(r.Address)));
        return other is not null && IPAddress.IsLoopback(IPAddress.Parse(own)) ? AddressTowards(other.Address) : own;
    }

    public void Dispose() => Store.Dispose();

    private string Us => $"Rank {_options.Rank} of {_options.WorldSize}";

    private string Master => $"{_options.MasterAddress}:{_options.MasterPort}";

    private void Join(TimeSpan limit)
    {
        var clock = Stopwatch.StartNew();
        if (Store.Add($"{Prefix}count/{_options.Rank}", 1) > 1) throw Refuse($"Two processes are rank {_options.Rank} of the group at {Master}. Give each its own RANK, from 0 to {_options.WorldSize - 1}.");
        Store.Set($"{Prefix}rank/{_options.Rank}", new RankInfo(_options.Rank, _options.WorldSize, AddressTowards(_options.MasterAddress), Environment.MachineName).Write());
        var ranks = new RankInfo?[_options.WorldSize];
        while (true)
        {
            foreach (var r in Enumerable.Range(0, ranks.Length).Where(r => ranks[r] is null))
            {
                if (Store.Find($"{Prefix}rank/{r}") is not { } line) continue;
                ranks[r] = RankInfo.Read(line);
                if (ranks[r]!.WorldSize != _options.WorldSize)
                    throw Refuse($"Rank {_options.Rank} says that there are {_options.WorldSize} ranks (WORLD_SIZE), and rank {r} that there are {ranks[r]!.WorldSize}. Give all ranks the same.");
            }
            if (Store.Find(Prefix + "refused") is { } refused) throw Leave(refused);
            if (Array.TrueForAll(ranks, r => r is not null)) break;
            if (clock.Elapsed > limit)
            {
                var missing = string.Join(", ", ranks.Index().Where(r => r.Item is null).Select(r => r.Index));
                throw Refuse($"Of {_options.WorldSize} ranks, {missing} did not come to {Master} within {_options.Timeout.TotalSeconds:0.#} s (Training.Distributed.Timeout). Start all of them, with the same MASTER_ADDR, MASTER_PORT and WORLD_SIZE.");
            }
            Thread.Sleep(s_look);
        }
        Ranks = ranks!;
    }

    /// <summary>What this rank finds wrong ends the others too, with the same words.</summary>
    private RanksException Refuse(string message)
    {
        Store.Set(Prefix + "refused", message);
        return Leave(message);
    }

    /// <summary>Whoever keeps the store leaves last: the others have yet to read why.</summary>
    private RanksException Leave(string message)
    {
        if (_serves) Thread.Sleep(50 * s_look);
        return new(message);
    }

    private static string AddressTowards(string host)
    {
        try
        {
            using var socket = new Socket(Dns.GetHostAddresses(host).OrderBy(a => a.AddressFamily).First().AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(host, 9); // sends nothing: it only asks for the way
            return ((IPEndPoint)socket.LocalEndPoint!).Address.ToString();
        }
        catch (SocketException)
        {
            return IPAddress.Loopback.ToString();
        }
    }
}
