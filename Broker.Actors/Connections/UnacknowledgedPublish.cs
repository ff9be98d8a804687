using Broker.Actors.Routing;
using Broker.Protocol.Packets;

namespace Broker.Actors.Connections;

/// <summary>A QoS 1 or 2 publish of the client that has not been acknowledged yet.</summary>
/// <param name="packetId">Its packet id.</param>
/// <param name="qos">1 or 2.</param>
/// <param name="stamp">Where it is measured how long its acknowledgement takes.</param>
internal sealed class UnacknowledgedPublish(ushort packetId, QualityOfService qos, uint stamp = PublishTimes.NotMeasured)
{
    private RouteResult _result;
    private bool _isRouted;

    public ushort PacketId { get; } = packetId;

    public QualityOfService QoS { get; } = qos;

    /// <summary>When it was read, where that is measured.</summary>
    public uint Stamp { get; } = stamp;

    /// <summary>Everyone whom the acknowledgement waits for has answered.</summary>
    public bool IsComplete => _isRouted && _result.Pending is not { IsComplete: false };

    /// <summary>It has left, and somebody may still take it.</summary>
    public bool IsUnderWay => _isRouted && !IsComplete;

    public ReasonCode ReasonCode => _result.Pending?.ReasonCode ?? _result.ReasonCode;

    /// <summary>The message has been handed to everyone.</summary>
    public void Routed(RouteResult result)
    {
        _result = result;
        _isRouted = true;
    }
}
