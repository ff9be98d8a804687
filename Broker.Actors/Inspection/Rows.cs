using System.Text.Json.Serialization;

namespace Broker.Actors.Inspection;

/// <summary>A line of a list that several nodes write together: in the order of its key, compared by character codes.</summary>
public interface IInspectionRow
{
    /// <summary>Its place in the list; rows of two nodes may have the same for a moment.</summary>
    string Key { get; }
}

/// <summary>A member of the cluster, as it tells of itself.</summary>
/// <param name="Node">Its address.</param>
/// <param name="Version">Of its program.</param>
/// <param name="Commit">That the program was built from; empty: not known.</param>
/// <param name="IsReady">What <c>/ready</c> says.</param>
/// <param name="Readiness">Why.</param>
/// <param name="IsPrimary">Whether it believes to be the primary.</param>
/// <param name="Drain">none, waiting (for its turn) or draining.</param>
/// <param name="Clients">Connected to it.</param>
/// <param name="MessagesReceived">PUBLISH packets since its start.</param>
/// <param name="MessagesSent">PUBLISH packets since its start.</param>
/// <param name="StartedAt">When it began to serve.</param>
public sealed record NodeRow(
    string Node,
    string Version,
    string Commit,
    bool IsReady,
    string Readiness,
    bool IsPrimary,
    string Drain,
    int Clients,
    long MessagesReceived,
    long MessagesSent,
    DateTimeOffset StartedAt) : IInspectionRow
{
    /// <inheritdoc/>
    [JsonIgnore]
    public string Key => Node;
}

/// <summary>A connected client.</summary>
/// <param name="ClientId">Its client id.</param>
/// <param name="Node">That it is connected to.</param>
/// <param name="Address">Its own, also behind PROXY protocol.</param>
/// <param name="Listener">The name of the listener that it came by.</param>
/// <param name="Protocol">3.1, 3.1.1 or 5.0.</param>
/// <param name="UserName">Whom it has proved to be; null: anonymous.</param>
/// <param name="ConnectedAt">When it got its CONNACK.</param>
/// <param name="KeepAlive">Seconds; 0: none.</param>
/// <param name="IsDurable">Whether its session outlives the connection.</param>
/// <param name="SessionExpiry">By how many seconds.</param>
/// <param name="Waiting">QoS 0 messages that wait because it reads too slowly.</param>
/// <param name="Held">Why it is not read from now; empty: it is.</param>
public sealed record ClientRow(
    string ClientId,
    string Node,
    string Address,
    string Listener,
    string Protocol,
    string? UserName,
    DateTimeOffset ConnectedAt,
    int KeepAlive,
    bool IsDurable,
    long SessionExpiry,
    int Waiting,
    IReadOnlyList<string> Held) : IInspectionRow
{
    /// <inheritdoc/>
    [JsonIgnore]
    public string Key => ClientId;
}

/// <summary>A session that outlives its connection.</summary>
/// <param name="ClientId">Whose.</param>
/// <param name="IsConnected">Whether its client is connected, as far as this node knows.</param>
/// <param name="Node">To which node; null: to none.</param>
public sealed record SessionRow(string ClientId, bool IsConnected, string? Node) : IInspectionRow
{
    /// <inheritdoc/>
    [JsonIgnore]
    public string Key => ClientId;
}

/// <summary>A subscription.</summary>
/// <param name="ClientId">Whose.</param>
/// <param name="Filter">As the client wrote it, <c>$share/…</c> included.</param>
/// <param name="QoS">The highest that it gets.</param>
/// <param name="IsDurable">Whether it outlives the connection.</param>
/// <param name="NoLocal">Not the messages that the client publishes itself.</param>
/// <param name="RetainAsPublished">With the RETAIN flag as it was published.</param>
/// <param name="Identifier">Subscription Identifier; null: none.</param>
public sealed record SubscriptionRow(string ClientId, string Filter, [property: JsonPropertyName("qos")] int QoS, bool IsDurable, bool NoLocal, bool RetainAsPublished, long? Identifier) : IInspectionRow
{
    /// <inheritdoc/>
    [JsonIgnore]
    public string Key => $"{ClientId}\n{Filter}";
}

/// <summary>Where the node that was asked sends what a filter matches.</summary>
/// <param name="Filter">Without <c>$share</c>.</param>
/// <param name="Live">Subscribers on this node whose session ends with the connection.</param>
/// <param name="Durable">Durable sessions of the whole cluster.</param>
/// <param name="Groups">Names of the shared groups.</param>
/// <param name="Nodes">Other nodes that have live subscribers.</param>
public sealed record RouteRow(string Filter, int Live, int Durable, IReadOnlyList<string> Groups, IReadOnlyList<string> Nodes) : IInspectionRow
{
    /// <inheritdoc/>
    [JsonIgnore]
    public string Key => Filter;
}

/// <summary>A shared group, as the node that was asked picks from it.</summary>
/// <param name="ShareName">Its name.</param>
/// <param name="Filter">Its filter.</param>
/// <param name="Members">How many there are.</param>
/// <param name="Online">Those of them whose client is connected.</param>
/// <param name="ClientIds">Of at most 100 members; a live session of another node is listed by its node.</param>
public sealed record GroupRow(string ShareName, string Filter, int Members, int Online, IReadOnlyList<string> ClientIds) : IInspectionRow
{
    /// <inheritdoc/>
    [JsonIgnore]
    public string Key => $"{Filter}\n{ShareName}";
}

/// <summary>A retained message, without its payload.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="QoS">As published.</param>
/// <param name="Bytes">Of its payload.</param>
/// <param name="ExpiresAt">Null: it does not.</param>
public sealed record RetainedRow(string Topic, [property: JsonPropertyName("qos")] int QoS, int Bytes, DateTimeOffset? ExpiresAt) : IInspectionRow
{
    /// <inheritdoc/>
    [JsonIgnore]
    public string Key => Topic;
}

/// <summary>A listener that is open.</summary>
/// <param name="Node">On which node.</param>
/// <param name="Name">Of <c>mqtt.listeners</c>.</param>
/// <param name="Type">tcp, tls, ws or wss.</param>
/// <param name="Address">Where it listens.</param>
/// <param name="Connections">That came by it and are open.</param>
public sealed record ListenerRow(string Node, string Name, string Type, string Address, int Connections) : IInspectionRow
{
    /// <inheritdoc/>
    [JsonIgnore]
    public string Key => $"{Node}\n{Name}";
}

/// <summary>What a session's owner tells of it.</summary>
/// <param name="ClientId">Whose.</param>
/// <param name="Owner">The node that owns the client id.</param>
/// <param name="IsDurable">Whether it outlives its connection.</param>
/// <param name="Node">That the client is connected to; null: to none.</param>
/// <param name="Expiry">Seconds that it outlives the connection; null: it does not end by itself.</param>
/// <param name="HasWill">Whether a will is to be published.</param>
/// <param name="QueuedMessages">That wait for the client.</param>
/// <param name="QueuedBytes">Of their payloads and topics.</param>
/// <param name="Inflight">Messages that the client has not acknowledged.</param>
/// <param name="Unreleased">QoS 2 publishes of the client that it has not released.</param>
/// <param name="Subscriptions">Filters of a durable session.</param>
public sealed record SessionDescription(
    string ClientId,
    string Owner,
    bool IsDurable,
    string? Node,
    long? Expiry,
    bool HasWill,
    long QueuedMessages,
    long QueuedBytes,
    long Inflight,
    long Unreleased,
    IReadOnlyList<string> Subscriptions);
