using System.Globalization;
using System.Text;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.Durable.Crash;

/// <summary>
/// Publishes numbered messages at QoS 1 and 2, a topic for each, with several under way at a time. On a new connection it repeats what was not
/// acknowledged, in its order: PUBLISH with DUP, or PUBREL where PUBREC had come [MQTT-4.4.0-1].
/// </summary>
internal sealed class CrashPublisher(string clientId, ProtocolVersion version, string root, CrashRecord record, int seed)
    : CrashClient(clientId, version, record, seed)
{
    private const int Window = 20;

    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Exchange> _underWay = [];
    private ushort _lastPacketId;
    private volatile bool _isFinishing;

    /// <summary>Completes, after <see cref="Finish"/>, once everything is acknowledged.</summary>
    public Task Finished => _finished.Task;

    /// <summary>Nothing new is published from now on.</summary>
    public void Finish() => _isFinishing = true;

    /// <inheritdoc/>
    protected override bool IsOwedSomething => _underWay.Count > 0;

    /// <inheritdoc/>
    protected override async Task OnConnectedAsync(RawClient client)
    {
        SetStarted();
        await client.SendAsync([.. _underWay.Select(Packet)]);
        await FillAsync(client);
    }

    /// <inheritdoc/>
    protected override async Task OnPacketAsync(RawClient client, Packet packet)
    {
        if (packet is not AcknowledgementPacket answer || _underWay.Find(exchange => exchange.PacketId == answer.PacketId) is not { } exchange)
        {
            Record.Report($"{ClientId}: {packet.Describe()} answers nothing");
            return;
        }

        switch (answer)
        {
            case { ReasonCode: >= ReasonCode.UnspecifiedError and not ReasonCode.PacketIdentifierNotFound }:
                Record.Report($"{ClientId}: {exchange.Topic} {exchange.Number} was refused, {answer.Describe()}");
                _underWay.Remove(exchange);
                break;
            case PubAckPacket when exchange.QoS == QualityOfService.AtLeastOnce:
                Record.Acknowledge(exchange.Topic, exchange.Number);
                _underWay.Remove(exchange);
                break;
            case PubRecPacket when exchange.QoS == QualityOfService.ExactlyOnce:
                if (!exchange.IsReceived)
                {
                    exchange.IsReceived = true;
                    Record.Acknowledge(exchange.Topic, exchange.Number);
                }

                await client.SendAsync(new PubRelPacket { PacketId = exchange.PacketId });
                break;
            case PubCompPacket when exchange.IsReceived:
                _underWay.Remove(exchange);
                break;
            default:
                Record.Report($"{ClientId}: {packet.Describe()} came for {exchange.Topic} {exchange.Number}");
                break;
        }

        await FillAsync(client);
    }

    private async Task FillAsync(RawClient client)
    {
        if (_isFinishing)
        {
            if (_underWay.Count == 0)
            {
                _finished.TrySetResult();
            }

            return;
        }

        var first = _underWay.Count;
        while (_underWay.Count < Window)
        {
            var qos = Random.Next(2) == 0 ? QualityOfService.AtLeastOnce : QualityOfService.ExactlyOnce;
            var topic = string.Create(CultureInfo.InvariantCulture, $"{root}/{ClientId}/{(int)qos}");
            _underWay.Add(new Exchange(NextPacketId(), topic, Record.Publish(topic, qos), qos));
        }

        if (first < _underWay.Count)
        {
            Packet[] packets = [.. _underWay.Skip(first).Select(Packet)];
            _underWay.ForEach(static exchange => exchange.IsRepeated = true);
            await client.SendAsync(packets);
        }
    }

    private ushort NextPacketId()
    {
        do
        {
            _lastPacketId = _lastPacketId == ushort.MaxValue ? (ushort)1 : (ushort)(_lastPacketId + 1);
        }
        while (_underWay.Exists(exchange => exchange.PacketId == _lastPacketId));

        return _lastPacketId;
    }

    private static Packet Packet(Exchange exchange) => exchange.IsReceived
        ? new PubRelPacket { PacketId = exchange.PacketId }
        : new PublishPacket
        {
            PacketId = exchange.PacketId,
            Topic = exchange.Topic,
            QoS = exchange.QoS,
            Duplicate = exchange.IsRepeated,
            Payload = Encoding.UTF8.GetBytes(exchange.Number.ToString(CultureInfo.InvariantCulture)),
        };

    /// <summary>A message between its first PUBLISH and its last acknowledgement.</summary>
    private sealed record Exchange(ushort PacketId, string Topic, int Number, QualityOfService QoS)
    {
        /// <summary>PUBREC has come.</summary>
        public bool IsReceived { get; set; }

        /// <summary>It was sent before.</summary>
        public bool IsRepeated { get; set; }
    }
}
