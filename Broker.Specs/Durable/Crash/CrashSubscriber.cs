using System.Globalization;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.Durable.Crash;

/// <summary>
/// Receives everything below a topic. A QoS 2 message counts when its PUBLISH comes first; one with a packet id that was not released is a repetition.
/// </summary>
internal sealed class CrashSubscriber : CrashClient
{
    private const ushort SubscribePacketId = 1;

    private readonly HashSet<ushort> _unreleased = [];
    private readonly string _filter;
    private readonly QualityOfService _qos;
    private readonly int _away;
    private volatile bool _isFinishing;
    private bool _isSubscribed;
    private long _backAt;

    /// <param name="clientId">Its name in the record too.</param>
    /// <param name="version">The protocol's.</param>
    /// <param name="filter">What it subscribes.</param>
    /// <param name="qos">At which QoS.</param>
    /// <param name="away">After each connection it stays away for up to this many events of the record.</param>
    /// <param name="record">Where what it receives is written.</param>
    /// <param name="seed">Of what it does at random.</param>
    public CrashSubscriber(string clientId, ProtocolVersion version, string filter, QualityOfService qos, int away, CrashRecord record, int seed)
        : base(clientId, version, record, seed)
    {
        _filter = filter;
        _qos = qos;
        _away = away;
        record.AddReader(clientId, qos);
    }

    /// <summary>It comes back at once from now on.</summary>
    public void Finish() => _isFinishing = true;

    /// <inheritdoc/>
    protected override bool IsOwedSomething => !_isSubscribed || _unreleased.Count > 0;

    /// <inheritdoc/>
    protected override async Task WaitForTurnAsync(PeriodicTimer pause, CancellationToken stop)
    {
        while (!_isFinishing && _isSubscribed && Record.Events < _backAt)
        {
            await pause.WaitForNextTickAsync(stop);
        }
    }

    /// <inheritdoc/>
    protected override async Task OnConnectedAsync(RawClient client)
    {
        _backAt = Record.Events + Random.Next(_away + 1);
        if (!_isSubscribed)
        {
            await client.SendAsync(new SubscribePacket { PacketId = SubscribePacketId, Subscriptions = [new SubscriptionRequest(_filter, _qos)] });
        }
    }

    /// <inheritdoc/>
    protected override async Task OnPacketAsync(RawClient client, Packet packet)
    {
        switch (packet)
        {
            case PublishPacket { QoS: QualityOfService.AtLeastOnce } publish:
                Receive(publish);
                await client.SendAsync(new PubAckPacket { PacketId = publish.PacketId });
                break;
            case PublishPacket { QoS: QualityOfService.ExactlyOnce } publish:
                if (_unreleased.Add(publish.PacketId))
                {
                    Receive(publish);
                }
                else if (!publish.Duplicate)
                {
                    Record.Report($"{ClientId}: {publish.Describe()} uses a packet id that is not released");
                }

                await client.SendAsync(new PubRecPacket { PacketId = publish.PacketId });
                break;
            case PubRelPacket release:
                _unreleased.Remove(release.PacketId);
                await client.SendAsync(new PubCompPacket { PacketId = release.PacketId });
                break;
            case SubAckPacket { ReasonCodes: [var granted] } when (byte)granted == (byte)_qos:
                _isSubscribed = true;
                SetStarted();
                break;
            default:
                Record.Report($"{ClientId}: {packet.Describe()} was not expected");
                break;
        }
    }

    private void Receive(PublishPacket publish) =>
        Record.Receive(ClientId, publish.Topic, int.Parse(publish.Text(), CultureInfo.InvariantCulture));
}
