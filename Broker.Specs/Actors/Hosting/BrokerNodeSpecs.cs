using System.Net;
using System.Net.Sockets;
using Akka.Configuration;
using Broker.Actors.Hosting;
using Broker.Actors.Storage.Sql;
using Broker.Protocol.Codec;
using Broker.Protocol.Packets;
using Broker.Protocol.Transport;
using Broker.Specs.Actors.Connections;
using Broker.Specs.Node;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Broker.Specs.Actors.Hosting;

/// <summary>A whole node in this process, on a free port.</summary>
public sealed class BrokerNodeSpecs : IDisposable
{
    private readonly TemporaryFolder _data = new();

    private static readonly Config Hocon = ConfigurationFactory.ParseString("""
        akka {
          loglevel = WARNING
          actor.provider = cluster
          remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
          cluster {
            seed-nodes = []
            sharding { state-store-mode = ddata, passivate-idle-entity-after = off }
          }
        }
        """);

    [Fact]
    public async Task A_node_starts_serves_clients_and_says_good_bye()
    {
        using var host = Host(0);
        await host.StartAsync().WaitAsync(TimeSpan.FromSeconds(60));
        var node = host.Services.GetRequiredService<BrokerNode>();
        node.Readiness.IsReady.Should().BeTrue();
        var port = ((IPEndPoint)node.Listeners.Should().ContainSingle().Which.Address).Port;
        using var client = new Client(port);

        client.Send(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "c" });
        (await client.NextAsync<ConnAckPacket>()).ReasonCode.Should().Be(ReasonCode.Success);
        client.Send(new SubscribePacket
        {
            PacketId = 1,
            Subscriptions = [new SubscriptionRequest("t", QualityOfService.AtLeastOnce), new SubscriptionRequest("$SYS/broker/version", 0)],
        });
        await client.NextAsync<SubAckPacket>();
        (await client.NextAsync<PublishPacket>()).Topic.Should().Be("$SYS/broker/version", "the totals are retained");

        client.Send(Packets.Publish1(2, "t", "hello"));
        var got = new[] { (await client.NextAsync<Packet>()).Type, (await client.NextAsync<Packet>()).Type };
        got.Should().BeEquivalentTo([PacketType.Publish, PacketType.PubAck]);

        var stopped = host.StopAsync();
        (await client.NextAsync<DisconnectPacket>()).ReasonCode.Should().Be(ReasonCode.ServerShuttingDown);
        await stopped.WaitAsync(TimeSpan.FromSeconds(60));
        node.Readiness.IsReady.Should().BeFalse();
    }

    [Fact]
    public async Task A_database_that_is_away_for_longer_than_patience_makes_the_node_not_ready_and_it_says_why()
    {
        using var host = Host(0);
        await host.StartAsync().WaitAsync(TimeSpan.FromSeconds(60));
        var node = host.Services.GetRequiredService<BrokerNode>();
        using var client = new Client(((IPEndPoint)node.Listeners[0].Address).Port);
        await using (var other = new SqliteConnection($"Data Source={Path.Combine(_data.Path, SqlDialects.FileName)};Pooling=False"))
        {
            await other.OpenAsync();
            await using var writing = other.BeginTransaction();
            client.Send(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "c", SessionExpiryInterval = 60 });

            await UntilAsync(() => !node.Readiness.IsReady);
            node.Readiness.Reason.Should().StartWith("the database is away: ").And.Contain("locked");
            (await client.NextAsync<ConnAckPacket>()).ReasonCode.Should().Be(ReasonCode.ServerUnavailable);
        }

        await UntilAsync(() => node.Readiness.IsReady);
        await host.StopAsync().WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task A_port_in_use_fails_the_start_before_a_cluster_is_formed()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using var host = Host(port);

        var start = () => host.StartAsync().WaitAsync(TimeSpan.FromSeconds(60));

        (await start.Should().ThrowAsync<ListenerException>()).Which.Message.Should().Contain($"{port}");
        var node = host.Services.GetRequiredService<BrokerNode>();
        node.Readiness.IsReady.Should().BeFalse();
        node.Started.IsFaulted.Should().BeTrue();
        node.Address.Should().BeNull();
        await host.StopAsync().WaitAsync(TimeSpan.FromSeconds(60));
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _data.Dispose();
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!condition())
        {
            await timer.WaitForNextTickAsync(deadline.Token);
        }
    }

    private IHost Host(int port)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.AddMqttBroker(
            new BrokerOptions
            {
                Listeners = [new ListenerOptions { Name = "tcp", Type = ListenerType.Tcp, Enabled = true, Host = "127.0.0.1", Port = port }],
                Version = "1.2.3",
                DataDirectory = _data.Path,
                Storage = new StorageOptions { Patience = TimeSpan.FromSeconds(2) },
            },
            Hocon);
        return builder.Build();
    }

    /// <summary>A client of the codec and a socket alone.</summary>
    private sealed class Client : IDisposable
    {
        private readonly TcpClient _tcp = new();
        private readonly PacketDecoder _decoder = new(PeerRole.Server) { Version = ProtocolVersion.V5 };
        private readonly byte[] _buffer = new byte[65_536];
        private int _count;

        public Client(int port) => _tcp.Connect(IPAddress.Loopback, port);

        public void Send(Packet packet)
        {
            var output = new System.Buffers.ArrayBufferWriter<byte>();
            PacketEncoder.Write(output, packet, ProtocolVersion.V5);
            _tcp.GetStream().Write(output.WrittenSpan);
        }

        public async Task<T> NextAsync<T>()
            where T : Packet
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            Packet? packet;
            int consumed;
            while (!_decoder.TryDecode(_buffer.AsSpan(0, _count), out packet, out consumed))
            {
                var read = await _tcp.GetStream().ReadAsync(_buffer.AsMemory(_count), deadline.Token);
                read.Should().BePositive("a {0} was expected", typeof(T).Name);
                _count += read;
            }

            _buffer.AsSpan(consumed, _count - consumed).CopyTo(_buffer);
            _count -= consumed;
            return packet.Should().BeAssignableTo<T>().Which;
        }

        public void Dispose() => _tcp.Dispose();
    }
}
