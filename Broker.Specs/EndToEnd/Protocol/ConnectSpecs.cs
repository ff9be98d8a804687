using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.EndToEnd.Protocol;

/// <summary>CONNECT and its answer (sections 3.1 and 3.2).</summary>
public class ConnectSpecs(SharedBroker shared) : ProtocolSpecs(shared)
{
    [Theory]
    [InlineData(V31)]
    [InlineData(V311)]
    [InlineData(V5)]
    public async Task Accepts_every_version(ProtocolVersion version)
    {
        await using var client = await Broker.ConnectAsync(version, clientId: Unique.Name("v"));
        client.ConnAck.SessionPresent.Should().BeFalse();
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task Gives_a_client_without_client_id_one_that_it_can_come_back_with()
    {
        await using var first = await Broker.ConnectAsync(V5, clientId: "", cleanStart: false, sessionExpiry: 300);
        var assigned = first.ConnAck.AssignedClientIdentifier;
        assigned.Should().NotBeNullOrEmpty();
        await first.CloseAsync();

        await using var again = await Broker.ConnectPersistentAsync(V5, assigned!);

        again.ConnAck.SessionPresent.Should().BeTrue();
        again.ConnAck.AssignedClientIdentifier.Should().BeNull();
    }

    [Fact]
    public async Task Accepts_MQTT_311_without_client_id_for_a_clean_session_only()
    {
        await using var clean = await Broker.ConnectAsync(V311, clientId: "");
        await clean.ExpectNothingAsync();

        await using var persistent = await RawClient.OpenAsync(Broker, V311);
        await persistent.SendAsync(new ConnectPacket { Version = V311, ClientId = "", CleanStart = false });
        (await persistent.ExpectAsync<ConnAckPacket>()).ReasonCode.Should().Be(ReasonCode.ClientIdentifierNotValid);
        await persistent.ExpectCloseAsync();
    }

    [Fact]
    public async Task Refuses_a_protocol_version_that_it_does_not_know()
    {
        await using var client = await RawClient.OpenAsync(Broker, V311);

        byte[] connect = [0x10, 0x0D, 0x00, 0x04, .. "MQTT"u8, 0x09, 0x02, 0x00, 0x00, 0x00, 0x01, (byte)'a'];
        await client.SendAsync(connect);

        (await client.ExpectAsync<ConnAckPacket>()).ReasonCode.Should().Be(ReasonCode.UnsupportedProtocolVersion);
        await client.ExpectCloseAsync();
    }

    [Fact]
    public async Task Closes_a_connection_of_another_protocol()
    {
        await using var client = await RawClient.OpenAsync(Broker, V311);

        await client.SendAsync("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());

        await client.ExpectCloseAsync();
    }

    [Theory]
    [EveryVersion]
    public async Task Closes_a_connection_that_does_not_begin_with_CONNECT(ProtocolVersion version)
    {
        await using var client = await RawClient.OpenAsync(Broker, version);

        await client.SendAsync(PingReqPacket.Instance);

        await client.ExpectCloseAsync();
    }

    [Theory]
    [EveryVersion]
    public async Task Takes_a_second_CONNECT_for_a_protocol_error(ProtocolVersion version)
    {
        var clientId = Unique.Name("second");
        await using var client = await Broker.ConnectAsync(version, clientId);

        await client.SendAsync(new ConnectPacket { Version = version, ClientId = clientId });

        await client.ExpectRefusalAsync(ReasonCode.ProtocolError);
    }

    [Fact]
    public async Task Answers_packets_that_come_together_with_CONNECT()
    {
        await using var client = await RawClient.OpenAsync(Broker, V5);

        await client.SendAsync(
            new ConnectPacket { Version = V5, ClientId = Unique.Name("eager") },
            new SubscribePacket { PacketId = 1, Subscriptions = [new SubscriptionRequest(Unique.Name("connect/eager"), AtLeastOnce)] },
            PingReqPacket.Instance);

        await client.ExpectAsync<ConnAckPacket>();
        await client.ExpectAsync<SubAckPacket>();
        await client.ExpectAsync<PingRespPacket>();
    }

    [Fact]
    public async Task Gives_Response_Information_to_those_who_ask_for_it()
    {
        await using var asking = await RawClient.ConnectAsync(
            Broker, new ConnectPacket { Version = V5, ClientId = Unique.Name("asking"), RequestResponseInformation = true });
        await using var other = await Broker.ConnectAsync(V5);

        asking.ConnAck.ResponseInformation.Should().NotBeNullOrEmpty();
        other.ConnAck.ResponseInformation.Should().BeNull();
    }

    [Fact]
    public async Task Sends_no_reason_strings_in_acknowledgements_to_those_who_do_not_want_them()
    {
        await using var client = await RawClient.ConnectAsync(
            Broker, new ConnectPacket { Version = V5, ClientId = Unique.Name("terse"), RequestProblemInformation = false });

        var subscribed = await client.TrySubscribeAsync(null, new SubscriptionRequest("#/wrong", AtLeastOnce));
        await client.SendAsync(new PubRelPacket { PacketId = 77 });
        var completed = await client.ExpectAsync<PubCompPacket>();

        subscribed.ReasonString.Should().BeNull();
        subscribed.UserProperties.Should().BeEmpty();
        completed.ReasonString.Should().BeNull();
    }

    [Fact]
    public async Task Refuses_an_authentication_method_that_it_does_not_know()
    {
        await using var client = await RawClient.OpenAsync(Broker, V5);

        await client.SendAsync(new ConnectPacket { Version = V5, ClientId = Unique.Name("auth"), AuthenticationMethod = "UNKNOWN" });

        (await client.ExpectAsync<ConnAckPacket>()).ReasonCode.Should().Be(ReasonCode.BadAuthenticationMethod);
        await client.ExpectCloseAsync();
    }

    [Theory]
    [InlineData(Security.Tls)]
    [InlineData(Security.MutualTls)]
    public async Task Serves_clients_over_TLS(Security security)
    {
        var topic = Unique.Name("connect/tls");
        await using var client = await RawClient.ConnectAsync(
            Broker, new ConnectPacket { Version = V5, ClientId = Unique.Name("tls") }, security);
        await client.SubscribeAsync(topic);

        await client.PublishAsync(topic, new string('x', 100_000), ExactlyOnce);

        (await client.ReceiveAsync()).Payload.Length.Should().Be(100_000);
    }
}
