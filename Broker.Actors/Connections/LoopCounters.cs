using System.Runtime.CompilerServices;
using Broker.Protocol.Packets;

namespace Broker.Actors.Connections;

/// <summary>Why a message was not delivered.</summary>
internal enum DropReason
{
    /// <summary>The session's queue was full.</summary>
    QueueFull,

    /// <summary>QoS 0, and the client does not read fast enough.</summary>
    SlowConsumer,

    /// <summary>Larger than the client's Maximum Packet Size [MQTT-3.1.2-25].</summary>
    PacketTooLarge,

    /// <summary>Message Expiry.</summary>
    Expired,

    /// <summary>The session ended first.</summary>
    SessionEnded,

    /// <summary>QoS 0, and the node that it should have reached is behind.</summary>
    LinkFull,
}

/// <summary>How the authentication of a client ended.</summary>
internal enum AuthenticationOutcome
{
    /// <summary>It is who it says it is, or need not say.</summary>
    Accepted,

    /// <summary>It is not, or may not connect.</summary>
    Refused,

    /// <summary>Who knows clients could not be asked, or is too busy.</summary>
    Unavailable,

    /// <summary>It took longer than <c>mqtt.security.authentication-timeout</c>.</summary>
    Late,
}

/// <summary>Counters of one event loop: written by it alone, read by anyone.</summary>
internal sealed class LoopCounters
{
    private readonly long[] _dropped = new long[Enum.GetValues<DropReason>().Length];
    private readonly long[] _authenticated = new long[Enum.GetValues<AuthenticationOutcome>().Length];
    private readonly long[] _refused = new long[Enum.GetValues<RefusalReason>().Length];
    private QoSCounts _received;
    private QoSCounts _receivedPayload;
    private QoSCounts _sent;
    private QoSCounts _sentPayload;

    public long BytesReceived;
    public long BytesSent;
    public long PacketsReceived;
    public long PacketsSent;

    /// <summary>PUBLISH packets of every QoS.</summary>
    public long PublishReceived => Received(QualityOfService.AtMostOnce) + Received(QualityOfService.AtLeastOnce) + Received(QualityOfService.ExactlyOnce);

    /// <summary>PUBLISH packets of every QoS.</summary>
    public long PublishSent => Sent(QualityOfService.AtMostOnce) + Sent(QualityOfService.AtLeastOnce) + Sent(QualityOfService.ExactlyOnce);

    /// <summary>A PUBLISH has come.</summary>
    public void Receive(QualityOfService qos, int payload)
    {
        _received[(int)qos]++;
        _receivedPayload[(int)qos] += payload;
    }

    /// <summary>A PUBLISH is on its way to a client.</summary>
    public void Send(QualityOfService qos, int payload)
    {
        _sent[(int)qos]++;
        _sentPayload[(int)qos] += payload;
    }

    /// <summary>PUBLISH packets from clients.</summary>
    public long Received(QualityOfService qos) => Volatile.Read(ref _received[(int)qos]);

    /// <summary>Bytes of their payloads.</summary>
    public long ReceivedPayload(QualityOfService qos) => Volatile.Read(ref _receivedPayload[(int)qos]);

    /// <summary>PUBLISH packets to clients.</summary>
    public long Sent(QualityOfService qos) => Volatile.Read(ref _sent[(int)qos]);

    /// <summary>Bytes of their payloads.</summary>
    public long SentPayload(QualityOfService qos) => Volatile.Read(ref _sentPayload[(int)qos]);

    public void Drop(DropReason reason, int count = 1) => _dropped[(int)reason] += count;

    public long Dropped(DropReason reason) => Volatile.Read(ref _dropped[(int)reason]);

    public void Refuse(RefusalReason reason) => _refused[(int)reason]++;

    public long Refused(RefusalReason reason) => Volatile.Read(ref _refused[(int)reason]);

    public void Authenticate(AuthenticationOutcome outcome) => _authenticated[(int)outcome]++;

    public long Authenticated(AuthenticationOutcome outcome) => Volatile.Read(ref _authenticated[(int)outcome]);

    /// <summary>A count for each QoS, within this object.</summary>
    [InlineArray(3)]
    private struct QoSCounts
    {
        private long _first;
    }
}
