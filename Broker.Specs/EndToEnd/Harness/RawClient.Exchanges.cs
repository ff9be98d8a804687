using System.Text;
using Broker.Protocol.Packets;

namespace Broker.Specs.EndToEnd.Harness;

/// <content>Exchanges of packets, done as the protocol wants them.</content>
internal sealed partial class RawClient
{
    /// <summary>Subscribes and expects every filter to be granted as asked.</summary>
    public async Task SubscribeAsync(uint? identifier, params SubscriptionRequest[] subscriptions)
    {
        var answer = await TrySubscribeAsync(identifier, subscriptions);
        answer.ReasonCodes.Should().Equal(subscriptions.Select(subscription => (ReasonCode)subscription.QoS));
    }

    /// <inheritdoc cref="SubscribeAsync(uint?, SubscriptionRequest[])"/>
    public Task SubscribeAsync(params SubscriptionRequest[] subscriptions) => SubscribeAsync(null, subscriptions);

    /// <inheritdoc cref="SubscribeAsync(uint?, SubscriptionRequest[])"/>
    public Task SubscribeAsync(string filter, QualityOfService qos = QualityOfService.ExactlyOnce) =>
        SubscribeAsync(new SubscriptionRequest(filter, qos));

    /// <summary>Subscribes and answers what the broker says to it.</summary>
    public async Task<SubAckPacket> TrySubscribeAsync(uint? identifier, params SubscriptionRequest[] subscriptions)
    {
        var packetId = NextPacketId();
        await SendAsync(new SubscribePacket { PacketId = packetId, SubscriptionIdentifier = identifier, Subscriptions = subscriptions });
        return await ExpectEventuallyAsync<SubAckPacket>(answer => answer.PacketId == packetId);
    }

    /// <summary>Ends subscriptions and answers what the broker says to it.</summary>
    public async Task<UnsubAckPacket> UnsubscribeAsync(params string[] filters)
    {
        var packetId = NextPacketId();
        await SendAsync(new UnsubscribePacket { PacketId = packetId, Filters = filters });
        return await ExpectEventuallyAsync<UnsubAckPacket>(answer => answer.PacketId == packetId);
    }

    /// <summary>Publishes text and completes the exchange that the QoS asks for.</summary>
    public Task<ReasonCode> PublishAsync(
        string topic, string text, QualityOfService qos = QualityOfService.AtMostOnce, bool retain = false, PublishProperties? properties = null) =>
        PublishAsync(new PublishPacket
        {
            Topic = topic,
            Payload = Encoding.UTF8.GetBytes(text),
            QoS = qos,
            Retain = retain,
            PacketId = qos == QualityOfService.AtMostOnce ? (ushort)0 : NextPacketId(),
            Properties = properties,
        });

    /// <summary>
    /// Publishes and completes the exchange. Answers the reason code of PUBACK or PUBREC; at QoS 0, where nothing answers, it waits until
    /// the broker has read the message (PINGRESP).
    /// </summary>
    public async Task<ReasonCode> PublishAsync(PublishPacket publish)
    {
        await SendAsync(publish);
        switch (publish.QoS)
        {
            case QualityOfService.AtLeastOnce:
                return (await ExpectEventuallyAsync<PubAckPacket>(answer => answer.PacketId == publish.PacketId)).ReasonCode;

            case QualityOfService.ExactlyOnce:
                var received = await ExpectEventuallyAsync<PubRecPacket>(answer => answer.PacketId == publish.PacketId);
                if (received.ReasonCode < ReasonCode.UnspecifiedError)
                {
                    await SendAsync(new PubRelPacket { PacketId = publish.PacketId });
                    await ExpectEventuallyAsync<PubCompPacket>(answer => answer.PacketId == publish.PacketId);
                }

                return received.ReasonCode;

            default:
                await SendAsync(PingReqPacket.Instance);
                await ExpectEventuallyAsync<PingRespPacket>();
                return ReasonCode.Success;
        }
    }

    /// <summary>The next packet, which must be a PUBLISH; acknowledges it as its QoS asks.</summary>
    public async Task<PublishPacket> ReceiveAsync()
    {
        var publish = await ExpectAsync<PublishPacket>();
        await AcknowledgeAsync(publish);
        return publish;
    }

    /// <summary>The next messages, acknowledged, as text.</summary>
    public async Task<IReadOnlyList<string>> ReceiveTextsAsync(int count)
    {
        var texts = new List<string>();
        while (texts.Count < count)
        {
            var publish = await ExpectEventuallyAsync<PublishPacket>();
            await AcknowledgeAsync(publish);
            texts.Add(publish.Text());
        }

        return texts;
    }

    /// <summary>The receiver's part of the exchange.</summary>
    public async Task AcknowledgeAsync(PublishPacket publish)
    {
        if (publish.QoS == QualityOfService.AtLeastOnce)
        {
            await SendAsync(new PubAckPacket { PacketId = publish.PacketId });
        }
        else if (publish.QoS == QualityOfService.ExactlyOnce)
        {
            await SendAsync(new PubRecPacket { PacketId = publish.PacketId });
            await ExpectEventuallyAsync<PubRelPacket>(release => release.PacketId == publish.PacketId);
            await SendAsync(new PubCompPacket { PacketId = publish.PacketId });
        }
    }

    /// <summary>Sends DISCONNECT and waits until the broker has closed.</summary>
    public async Task DisconnectAsync(ReasonCode reasonCode = ReasonCode.NormalDisconnection, uint? sessionExpiry = null)
    {
        await SendAsync(new DisconnectPacket { ReasonCode = reasonCode, SessionExpiryInterval = sessionExpiry });
        await _inbox.ClosedAsync(Deadline.ForPackets);
        await CloseAsync();
    }
}
