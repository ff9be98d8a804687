using Broker.Actors.Routing;
using Broker.Actors.Sessions;

namespace Broker.Actors.Storage;

/// <summary>A durable session as the store knows it.</summary>
internal sealed class StoredSession
{
    /// <summary>For writing it.</summary>
    public required SessionHandle Session { get; init; }

    /// <summary>Its subscriptions, and perhaps one that was being made or ended.</summary>
    public required IReadOnlyList<StoredRoute> Routes { get; init; }

    /// <summary>The queue was read up to here; messages behind it have not been sent.</summary>
    public required long ReadPosition { get; init; }

    /// <summary>The highest position ever used.</summary>
    public required long LastPosition { get; init; }

    /// <summary>Messages behind <see cref="ReadPosition"/>.</summary>
    public required long QueuedMessages { get; init; }

    /// <summary>Their payloads and topics.</summary>
    public required long QueuedBytes { get; init; }

    /// <summary>Sent and not acknowledged, in the order of sending.</summary>
    public required IReadOnlyList<StoredInflight> Inflight { get; init; }

    /// <summary>The client's QoS 2 publishes that it has not released.</summary>
    public required IReadOnlyList<StoredInbound> Inbound { get; init; }

    /// <summary>The highest number that one of the client's QoS 2 publishes ever had; 0: none.</summary>
    public required long LastNumber { get; init; }

    /// <summary>QoS 2 messages taken, as long as their publishers may send them again.</summary>
    public required IReadOnlyList<MessageId> Received { get; init; }
}

/// <summary>A message that was sent to the client and not acknowledged.</summary>
/// <param name="Position">Its place in the queue.</param>
/// <param name="PacketId">1 to 65,535.</param>
/// <param name="State">What it waits for.</param>
/// <param name="Message">Null behind PUBREC, when the message itself is not needed any more.</param>
internal sealed record StoredInflight(long Position, ushort PacketId, InflightState State, QueuedMessage? Message);

/// <summary>A QoS 2 PUBLISH of the client between PUBLISH and PUBREL.</summary>
/// <param name="PacketId">1 to 65,535.</param>
/// <param name="Number">With the session's key: its message id.</param>
/// <param name="IsRouted">Everyone it goes to has it.</param>
/// <param name="Picks">As in <see cref="StoreWrite.NumberInbound"/>.</param>
internal sealed record StoredInbound(ushort PacketId, long Number, bool IsRouted, byte[]? Picks);
