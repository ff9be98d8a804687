using Broker.Protocol.Packets;

namespace Broker.Specs.EndToEnd.Harness;

/// <content>What a spec may expect of the broker.</content>
internal sealed partial class RawClient
{
    /// <summary>Whether the connection is closed, or brought what could not be decoded.</summary>
    public bool IsClosed => _inbox.IsClosed;

    /// <summary>Everything received since the beginning.</summary>
    public IReadOnlyList<Packet> Received => _inbox.Everything();

    /// <summary>The next packet, whatever it is; null: none came before the connection closed or the deadline passed.</summary>
    public Task<Packet?> NextAsync() => _inbox.TakeAsync(_ => true, Deadline.ForPackets);

    /// <summary>The next packet, which must be of this type.</summary>
    public async Task<TPacket> ExpectAsync<TPacket>()
        where TPacket : Packet
    {
        var packet = await _inbox.TakeAsync(_ => true, Deadline.ForPackets);
        return packet as TPacket ?? throw Failure($"{typeof(TPacket).Name} was expected next, {packet?.Describe() ?? "nothing"} came.");
    }

    /// <summary>The first packet of this type; those before it stay for later.</summary>
    public async Task<TPacket> ExpectEventuallyAsync<TPacket>(Func<TPacket, bool>? fits = null)
        where TPacket : Packet
    {
        var packet = await _inbox.TakeAsync(packet => packet is TPacket wanted && (fits is null || fits(wanted)), Deadline.ForPackets);
        return packet as TPacket ?? throw Failure($"{typeof(TPacket).Name} was expected, and did not come.");
    }

    /// <summary>No packet is on its way: the answer to a PINGREQ is the next that comes.</summary>
    public async Task ExpectNothingAsync()
    {
        await SendAsync(PingReqPacket.Instance);
        await ExpectAsync<PingRespPacket>();
    }

    /// <summary>Whether the broker still answers on this connection: false once it has closed it.</summary>
    public async Task<bool> AnswersAsync()
    {
        try
        {
            await SendAsync(PingReqPacket.Instance);
        }
        catch (IOException)
        {
            return false;
        }

        return await _inbox.TakeAsync(packet => packet is PingRespPacket, Deadline.ForPackets) is not null;
    }

    /// <summary>The broker closes the connection, with nothing before that the spec has not looked at.</summary>
    public async Task ExpectCloseAsync()
    {
        var packet = await _inbox.TakeAsync(_ => true, Deadline.ForPackets);
        if (packet is not null || !await _inbox.ClosedAsync(Deadline.ForPackets) || _inbox.Cause is not null)
        {
            throw Failure($"The connection should have been closed. {packet?.Describe() ?? "It is open, and nothing"} came.");
        }
    }

    /// <summary>The broker ends the connection before it has accepted the client, with or without a CONNACK that says why.</summary>
    public async Task ExpectNoServiceAsync()
    {
        var answer = (ConnAckPacket?)await _inbox.TakeAsync(packet => packet is ConnAckPacket, Deadline.ForPackets);
        answer?.ReasonCode.Should().NotBe(ReasonCode.Success);
        await ExpectCloseAsync();
    }

    /// <summary>Sends CONNECT; whether the broker accepts the client.</summary>
    public async Task<bool> IsAcceptedAsync(string clientId)
    {
        await SendAsync(new ConnectPacket { Version = _version, ClientId = clientId });
        return await IsAcceptedAsync();
    }

    /// <summary>Whether the broker accepts the client that has sent CONNECT.</summary>
    public async Task<bool> IsAcceptedAsync()
    {
        var answer = await _inbox.TakeAsync(packet => packet is ConnAckPacket, Deadline.ForPackets) as ConnAckPacket;
        ConnAck = answer ?? ConnAck;
        return answer?.ReasonCode == ReasonCode.Success;
    }

    /// <summary>Sends CONNECT and answers what the broker says to it; null: nothing, before it closed.</summary>
    public async Task<ConnAckPacket?> AnswerToAsync(ConnectPacket connect)
    {
        try
        {
            await SendAsync(connect);
        }
        catch (IOException)
        {
            return null; // Closed before it could be said.
        }

        return await _inbox.TakeAsync(packet => packet is ConnAckPacket, Deadline.ForPackets) as ConnAckPacket;
    }

    /// <summary>DISCONNECT with this reason code, then the end of the connection.</summary>
    public async Task ExpectDisconnectAsync(ReasonCode reasonCode)
    {
        var disconnect = await ExpectAsync<DisconnectPacket>();
        disconnect.ReasonCode.Should().Be(reasonCode, "{0}", disconnect.ReasonString);
        await ExpectCloseAsync();
    }

    /// <summary>What this version's clients get for a broken rule: DISCONNECT with the reason code in MQTT 5, a plain close in MQTT 3.</summary>
    public Task ExpectRefusalAsync(ReasonCode reasonCode) =>
        _version == ProtocolVersion.V5 ? ExpectDisconnectAsync(reasonCode) : ExpectCloseAsync();

    /// <summary>
    /// The broker ends the connection, in whatever words the standard leaves to it: in MQTT 5 with a DISCONNECT of 0x80 or above or without,
    /// in MQTT 3 without.
    /// </summary>
    public async Task ExpectEndAsync()
    {
        if (await _inbox.TakeAsync(packet => packet is DisconnectPacket, Deadline.ForPackets) is DisconnectPacket disconnect)
        {
            _version.Should().Be(ProtocolVersion.V5, "no server sends DISCONNECT in MQTT 3");
            ((int)disconnect.ReasonCode).Should().BeGreaterThanOrEqualTo(0x80);
        }

        await ExpectCloseAsync();
    }

    private InvalidOperationException Failure(string what) =>
        new($"{what}\nReceived on this connection:\n{_inbox.Transcript()}\nThe broker printed:\n{_broker.Transcript()}");
}
