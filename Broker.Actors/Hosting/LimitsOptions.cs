namespace Broker.Actors.Hosting;

/// <summary>What happens to a message for a session whose queue is full.</summary>
public enum QueueFullPolicy
{
    /// <summary>The new message is refused; what is queued stays.</summary>
    DropNewest,

    /// <summary>The oldest queued message makes room.</summary>
    DropOldest,
}

/// <summary>Every bound of the broker, <c>mqtt.limits</c>.</summary>
public sealed record LimitsOptions
{
    /// <summary>Connections to this node, those that have not sent CONNECT included; 0: no limit.</summary>
    public int MaxConnections { get; init; }

    /// <summary>Connections of one address, or /64 of IPv6, to this node; 0: no limit.</summary>
    public int MaxConnectionsPerAddress { get; init; }

    /// <summary>Bytes of the process above which new clients are refused; 0: 90 % of what the machine or the container has.</summary>
    public long MaxMemory { get; init; }

    /// <summary>PUBLISH packets that a client may send in a second before it is held; 0: no limit.</summary>
    public int MaxMessageRate { get; init; }

    /// <summary>Bytes that a client may send in a second before it is held; 0: no limit.</summary>
    public long MaxByteRate { get; init; }

    /// <summary>What a client may send at once that has sent nothing for that long: as much as in this time at its rate.</summary>
    public TimeSpan RateBurst { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a new connection may take to send its CONNECT.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Bytes of the largest packet before CONNECT has been accepted.</summary>
    public int ConnectPacketSize { get; init; } = 65_536;

    /// <summary>Bytes of the largest packet accepted from a client, told to v5 clients. At most 268,435,460.</summary>
    public int MaxPacketSize { get; init; } = 1_048_576;

    /// <summary>QoS 1 and 2 messages waiting for one session; 0: no limit.</summary>
    public int MaxQueuedMessages { get; init; } = 1_000;

    /// <summary>Bytes of payload and topic waiting for one session; 0: no limit.</summary>
    public long MaxQueuedBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Which message goes when the queue is full.</summary>
    public QueueFullPolicy QueueFull { get; init; } = QueueFullPolicy.DropNewest;

    /// <summary>Retained messages of the whole broker; 0: no limit.</summary>
    public int MaxRetainedMessages { get; init; } = 1_000_000;

    /// <summary>Bytes of all retained payloads and topics; 0: no limit.</summary>
    public long MaxRetainedBytes { get; init; } = 1024L * 1024 * 1024;

    /// <summary>Longest that a session outlives its connection, also for MQTT 3 sessions.</summary>
    public TimeSpan MaxSessionExpiry { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Receive Maximum told to clients: their unacknowledged QoS 1 and 2 messages, 1 to 65,535.</summary>
    public int ReceiveMaximum { get; init; } = 1_024;

    /// <summary>Unacknowledged QoS 1 and 2 messages towards a client, where its own Receive Maximum is not lower; 1 to 65,535.</summary>
    public int MaxInflight { get; init; } = 1_024;

    /// <summary>Topic aliases that a client may set, 0 to 65,535.</summary>
    public int TopicAliasMaximum { get; init; } = 64;

    /// <summary>Topic aliases that the broker sets towards a client that allows more, 0 to 65,535.</summary>
    public int OutboundTopicAliasMaximum { get; init; } = 16;

    /// <summary>Levels of a topic name or filter.</summary>
    public int MaxTopicLevels { get; init; } = 128;

    /// <summary>Bytes of a topic name or filter, at most 65,535.</summary>
    public int MaxTopicLength { get; init; } = 65_535;

    /// <summary>Subscriptions of one session; 0: no limit.</summary>
    public int MaxSubscriptions { get; init; } = 10_000;

    /// <summary>Bytes of QoS 0 messages waiting for one connection whose client does not read fast enough; the oldest go first.</summary>
    public int MaxOutboundBuffer { get; init; } = 1_048_576;

    /// <summary>Longest keep alive a client may have, told to v5 clients as Server Keep Alive; zero: as the client wishes.</summary>
    public TimeSpan MaxKeepAlive { get; init; } = TimeSpan.Zero;

    /// <summary>Whether a payload that its Payload Format Indicator calls text must be UTF-8.</summary>
    public bool CheckPayloadFormat { get; init; }

    /// <summary>Bytes of a client id, 23 to 65,535.</summary>
    public int MaxClientIdLength { get; init; } = 65_535;
}
