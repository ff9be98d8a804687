using Akka.Cluster;
using Broker.Actors.Connections;
using Broker.Actors.Routing;
using Broker.Actors.Sessions;
using Broker.Protocol.Packets;
using Broker.Specs.Actors.Connections;
using Broker.Specs.Actors.Sessions;

namespace Broker.Specs.Actors.Clustering.Sessions;

/// <summary>Several nodes on one store. Everything happens while the spec waits for something.</summary>
internal sealed class SessionCluster : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly List<SessionClient> _clients = [];
    private long _nextCheck;

    public FakeStore Store { get; } = new(TimeProvider.System);

    public List<SessionNode> Nodes { get; } = [];

    public static async Task<SessionCluster> StartAsync(int nodes)
    {
        var cluster = new SessionCluster();
        for (var i = 0; i < nodes; i++)
        {
            cluster.Nodes.Add(SessionNode.Create());
        }

        var seed = cluster.Nodes[0].Cluster.SelfAddress;
        foreach (var node in cluster.Nodes)
        {
            await node.StartAsync(cluster.Store, 100 + cluster.Nodes.IndexOf(node), seed);
        }

        await cluster.UntilAsync(() => cluster.Nodes.All(node => node.Members.Others.Length == nodes - 1), "all see each other");
        return cluster;
    }

    /// <summary>A client whose CONNECT has been sent.</summary>
    public SessionClient Open(SessionNode node, string clientId, uint expiry = 3_600, WillMessage? will = null, bool isAcknowledging = true)
    {
        var client = new SessionClient(node, node.Open(), isAcknowledging);
        _clients.Add(client);
        client.Channel.Send(new ConnectPacket
        {
            Version = ProtocolVersion.V5,
            ClientId = clientId,
            CleanStart = false,
            SessionExpiryInterval = expiry,
            Will = will,
        });
        return client;
    }

    /// <summary>A client that is connected.</summary>
    public async Task<SessionClient> ConnectAsync(SessionNode node, string clientId, uint expiry = 3_600, WillMessage? will = null, bool isAcknowledging = true)
    {
        var client = Open(node, clientId, expiry, will, isAcknowledging);
        await UntilAsync(() => client.IsConnected, $"{clientId} is connected");
        return client;
    }

    /// <summary>A client on one node whose session is on another.</summary>
    public async Task<SessionClient> ConnectAsync(SessionNode node, SessionNode home, uint expiry = 3_600, bool isAcknowledging = true)
    {
        for (var i = 0; ; i++)
        {
            var client = await ConnectAsync(node, $"client-{i}", expiry, will: null, isAcknowledging);
            if (home.Cluster.SelfUniqueAddress.Equals(client.Connection.Home))
            {
                return client;
            }
        }
    }

    /// <summary>A message to a durable session, as the router of a node sends it.</summary>
    public PendingPublish Publish(SessionNode node, string clientId, string payload, int qos, MessageId id = default)
    {
        var publication = new Publication
        {
            Topic = "t",
            Payload = System.Text.Encoding.UTF8.GetBytes(payload),
            QoS = (QualityOfService)qos,
            Id = id,
        };
        var pending = new PendingPublish(null, 1, publication.QoS);
        pending.Expect();
        pending.Seal();
        node.Outbox.Tell(
            new[] { new SessionDelivery(clientId, publication, publication.QoS, false, null, isShared: false, pending) }, Akka.Actor.ActorRefs.NoSender);
        return pending;
    }

    /// <summary>The node dies, and the others remove it.</summary>
    public async Task KillAsync(SessionNode node)
    {
        var address = node.Cluster.SelfAddress;
        await node.KillAsync();
        foreach (var other in Nodes.Where(one => one.IsAlive))
        {
            other.Cluster.Down(address);
        }
    }

    /// <summary>Turns all nodes and clients until it holds.</summary>
    public async Task UntilAsync(Func<bool> condition, string because)
    {
        var end = TimeProvider.System.GetTimestamp() + (long)(Limit.TotalSeconds * TimeProvider.System.TimestampFrequency);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (true)
        {
            var now = TimeProvider.System.GetTimestamp();
            var isCheckDue = now >= _nextCheck;
            if (isCheckDue)
            {
                _nextCheck = now + TimeProvider.System.TimestampFrequency;
            }

            foreach (var node in Nodes.Where(static one => one.Context is not null))
            {
                node.Turn(isCheckDue);
            }

            foreach (var client in _clients)
            {
                client.Turn();
            }

            if (condition())
            {
                return;
            }

            (now < end).Should().BeTrue("{0} within {1}", because, Limit);
            await pause.WaitForNextTickAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
        {
            await node.DisposeAsync();
        }
    }
}

/// <summary>A client that acknowledges what it gets, and remembers it.</summary>
internal sealed class SessionClient(SessionNode node, FakeChannel channel, bool isAcknowledging)
{
    private readonly HashSet<ushort> _unreleased = [];

    public SessionNode Node { get; } = node;

    public FakeChannel Channel { get; } = channel;

    public ClientConnection Connection => (ClientConnection)Channel.Handler;

    public int ConnAcks { get; private set; }

    public ReasonCode? Refusal { get; private set; }

    public bool SessionPresent { get; private set; }

    public ReasonCode? Disconnected { get; private set; }

    public bool IsConnected => ConnAcks > 0 && Refusal is null && !Channel.IsClosed;

    /// <summary>At QoS 1 also what came twice; at QoS 2 what this client takes for another message.</summary>
    public List<string> Received { get; } = [];

    /// <summary>PUBREC and PUBCOMP, in order.</summary>
    public List<(PacketType Type, ushort PacketId)> Acknowledged { get; } = [];

    /// <summary>Looks at what came.</summary>
    public void Turn()
    {
        while (Node.IsAlive && Channel.Sent.TryDequeue(out var packet))
        {
            switch (packet)
            {
                case ConnAckPacket { ReasonCode: ReasonCode.Success } accepted:
                    ConnAcks++;
                    SessionPresent = accepted.SessionPresent;
                    break;
                case ConnAckPacket refused:
                    Refusal = refused.ReasonCode;
                    break;
                case DisconnectPacket disconnect:
                    Disconnected = disconnect.ReasonCode;
                    break;
                case PublishPacket publish:
                    OnPublish(publish);
                    break;
                case PubRelPacket release:
                    _unreleased.Remove(release.PacketId);
                    Channel.Send(new PubCompPacket { PacketId = release.PacketId });
                    break;
                case PubRecPacket received:
                    Acknowledged.Add((PacketType.PubRec, received.PacketId));
                    Channel.Send(new PubRelPacket { PacketId = received.PacketId });
                    break;
                case PubCompPacket completed:
                    Acknowledged.Add((PacketType.PubComp, completed.PacketId));
                    break;
            }
        }
    }

    private void OnPublish(PublishPacket publish)
    {
        if (publish.QoS != QualityOfService.ExactlyOnce || _unreleased.Add(publish.PacketId))
        {
            Received.Add(System.Text.Encoding.UTF8.GetString(publish.Payload.Span));
        }

        if (isAcknowledging && publish.QoS == QualityOfService.AtLeastOnce)
        {
            Channel.Send(new PubAckPacket { PacketId = publish.PacketId });
        }
        else if (isAcknowledging && publish.QoS == QualityOfService.ExactlyOnce)
        {
            Channel.Send(new PubRecPacket { PacketId = publish.PacketId });
        }
    }
}
