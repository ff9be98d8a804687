using System.Diagnostics.CodeAnalysis;
using Broker.Protocol.Packets;

namespace Broker.Actors.Sessions;

/// <summary>
/// Outbound messages of QoS 1 and 2 that the client has not acknowledged, in the order they were sent. Single-threaded;
/// holds no tables before its first message.
/// </summary>
/// <remarks>
/// A message takes its place until PUBACK, PUBCOMP or a PUBREC with an error (section 4.9). The window outlives
/// connections of a session: a reconnect may lower <see cref="ReceiveMaximum"/> below what is in flight, and then
/// there are no free slots until enough has been acknowledged.
/// </remarks>
internal sealed partial class InflightWindow<T>
{
    private const int SmallestCapacity = 4;
    private const int LargestKept = 64;

    private PacketIdAllocator _packetIds;

    /// <summary>Packet id to entry; null while nothing has been sent.</summary>
    private Dictionary<ushort, int>? _byPacketId;

    /// <summary>Linked in the order of sending, and the unused ones in a list of their own.</summary>
    private Entry[] _entries = [];

    private int _first = None;
    private int _last = None;
    private int _unused = None;

    /// <param name="receiveMaximum">1 to 65,535.</param>
    public InflightWindow(int receiveMaximum) => ReceiveMaximum = receiveMaximum;

    /// <summary>The most messages in flight on this connection, 1 to 65,535.</summary>
    public int ReceiveMaximum
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, ushort.MaxValue);
            field = value;
        }
    }

    /// <summary>Messages in flight.</summary>
    public int Count => _byPacketId?.Count ?? 0;

    /// <summary>How many more may be sent.</summary>
    public int FreeSlots => Math.Max(0, ReceiveMaximum - Count);

    /// <summary>Whether a message with this packet id is in flight.</summary>
    public bool Contains(ushort packetId) => _byPacketId is not null && _byPacketId.ContainsKey(packetId);

    /// <summary>The message in flight under this packet id.</summary>
    public bool TryGet(ushort packetId, out InflightMessage<T> message)
    {
        if (!TryFind(packetId, out int index))
        {
            message = default;
            return false;
        }

        ref Entry entry = ref _entries[index];
        message = new InflightMessage<T>(packetId, entry.Item, entry.State);
        return true;
    }

    /// <summary>The message is done with, whatever it waits for; false: there is none under this packet id.</summary>
    public bool Finish(ushort packetId)
    {
        if (!TryFind(packetId, out int index))
        {
            return false;
        }

        Remove(packetId, index);
        return true;
    }

    /// <summary>Takes a message that is sent now, and answers its packet id.</summary>
    /// <exception cref="InvalidOperationException">There is no free slot.</exception>
    public ushort Add(T item, QualityOfService qos)
    {
        if (FreeSlots == 0)
        {
            throw new InvalidOperationException($"{Count} messages are in flight, and Receive Maximum is {ReceiveMaximum}.");
        }

        ushort packetId = _packetIds.Next(_byPacketId);
        Append(new InflightMessage<T>(packetId, item, FirstState(qos)));
        return packetId;
    }

    /// <summary>Takes back a message from storage, in the order of sending; not held against Receive Maximum.</summary>
    /// <exception cref="ArgumentException">The packet id is 0 or in flight.</exception>
    public void Restore(InflightMessage<T> message)
    {
        if (message.PacketId == 0)
        {
            throw new ArgumentException("A packet identifier is 1 to 65,535.", nameof(message));
        }

        Append(message);
        _packetIds.ContinueAfter(message.PacketId);
    }

    /// <summary>PUBACK, whatever its reason code says: the message is done with.</summary>
    public Acknowledgement PubAck(ushort packetId, [MaybeNull] out T item) => End(packetId, InflightState.AwaitingPubAck, out item);

    /// <summary>
    /// PUBREC. With an error (0x80 or more) the message is done with and there is no PUBREL; otherwise PUBREL is due.
    /// </summary>
    public Acknowledgement PubRec(ushort packetId, ReasonCode reason, [MaybeNull] out T item)
    {
        if (reason >= ReasonCode.UnspecifiedError)
        {
            return End(packetId, InflightState.AwaitingPubRec, out item);
        }

        if (!TryFind(packetId, out int index))
        {
            item = default;
            return Acknowledgement.UnknownPacketId;
        }

        ref Entry entry = ref _entries[index];
        item = entry.Item;
        switch (entry.State)
        {
            case InflightState.AwaitingPubRec:
                entry.State = InflightState.AwaitingPubComp;
                return Acknowledgement.Accepted;
            case InflightState.AwaitingPubComp:
                return Acknowledgement.Repeated;
            default:
                return Acknowledgement.WrongState;
        }
    }

    /// <summary>PUBCOMP, whatever its reason code says: the message is done with.</summary>
    public Acknowledgement PubComp(ushort packetId, [MaybeNull] out T item) => End(packetId, InflightState.AwaitingPubComp, out item);

    /// <summary>All in flight in the order of sending, which is the order of sending again [MQTT-4.6.0-1]. Not to be changed meanwhile.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Forgets everything; packet ids go on.</summary>
    public void Clear()
    {
        _byPacketId = null;
        _entries = [];
        _first = _last = _unused = None;
    }

    private static InflightState FirstState(QualityOfService qos) => qos switch
    {
        QualityOfService.AtLeastOnce => InflightState.AwaitingPubAck,
        QualityOfService.ExactlyOnce => InflightState.AwaitingPubRec,
        _ => throw new ArgumentOutOfRangeException(nameof(qos), qos, "Only QoS 1 and 2 are acknowledged."),
    };

    private bool TryFind(ushort packetId, out int index)
    {
        index = None;
        return _byPacketId is not null && _byPacketId.TryGetValue(packetId, out index);
    }

    private Acknowledgement End(ushort packetId, InflightState expected, [MaybeNull] out T item)
    {
        item = default;
        if (!TryFind(packetId, out int index))
        {
            return Acknowledgement.UnknownPacketId;
        }

        item = _entries[index].Item;
        if (_entries[index].State != expected)
        {
            return Acknowledgement.WrongState;
        }

        Remove(packetId, index);
        return Acknowledgement.Accepted;
    }
}
