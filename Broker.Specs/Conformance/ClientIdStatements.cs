using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Conformance;

/// <summary>The client id (section 3.1.3.1).</summary>
public class ClientIdStatements(SharedBroker shared) : StatementSpecs(shared)
{
    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.1.3-3")]
    [Statement(V5, "MQTT-3.1.3-3")]
    public async Task A_CONNECT_without_a_client_id_field_is_not_served(ProtocolVersion version) =>
        await ExpectNoServiceAsync(version, Connect(version, ""));

    [Theory]
    [InlineData(V311, "a")]
    [InlineData(V311, "0123456789abcdefghijklm")]
    [InlineData(V311, "nopqrstuvwxyzABCDEFGHIJ")]
    [InlineData(V311, "KLMNOPQRSTUVWXYZ")]
    [InlineData(V5, "a")]
    [InlineData(V5, "0123456789abcdefghijklm")]
    [InlineData(V5, "nopqrstuvwxyzABCDEFGHIJ")]
    [InlineData(V5, "KLMNOPQRSTUVWXYZ")]
    [Statement(V311, "MQTT-3.1.3-5")]
    [Statement(V5, "MQTT-3.1.3-5")]
    public async Task Letters_and_digits_up_to_23_bytes_are_accepted(ProtocolVersion version, string clientId)
    {
        var answer = await RawExchange.FirstAsync(Broker, 4, Connect(version, $"<{clientId}>"));

        answer[3].Should().Be(0);
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.1.3-2", "MQTT-3.2.2-2")]
    [Statement(V5, "MQTT-3.1.3-2", "MQTT-3.2.2-3")]
    public async Task The_client_id_names_the_session(ProtocolVersion version)
    {
        string topic = Unique.Name("client-id/own"), clientId = Unique.Name("own");
        await using (var first = await Broker.ConnectPersistentAsync(version, clientId))
        {
            await first.SubscribeAsync(topic);
        }

        await using var other = await Broker.ConnectPersistentAsync(version, clientId.ToUpperInvariant());
        other.ConnAck.SessionPresent.Should().BeFalse("that is another client id");
        await using var again = await Broker.ConnectPersistentAsync(version, clientId);
        again.ConnAck.SessionPresent.Should().BeTrue();
    }

    [Theory]
    [EveryVersion]
    [Statement(V311, "MQTT-3.1.3-6")]
    [Statement(V5, "MQTT-3.1.3-6")]
    public async Task Clients_without_id_are_given_ids_of_their_own(ProtocolVersion version)
    {
        var topic = Unique.Name("client-id/none");
        await RequireAssignedIdsAsync(version);
        await using var one = await Broker.ConnectAsync(version, clientId: "");
        await using var other = await Broker.ConnectAsync(version, clientId: "");
        await one.SubscribeAsync(topic, AtLeastOnce);
        await other.SubscribeAsync(topic, AtLeastOnce);

        await one.PublishAsync(topic, "for both", AtLeastOnce);

        (await one.ReceiveAsync()).Text().Should().Be("for both");
        (await other.ReceiveAsync()).Text().Should().Be("for both");
    }

    [Fact]
    [Statement(V311, "MQTT-3.1.3-7", "MQTT-3.1.3-8", "MQTT-3.1.3-9")]
    public async Task No_id_and_a_session_that_is_to_be_kept_is_answered_with_return_code_2()
    {
        var answer = await RawExchange.UntilClosedAsync(Broker, Connect(V311, "0000", flags: "00"));

        answer.Should().Equal(0x20, 0x02, 0x00, 0x02);
    }

    [Fact]
    [Statement(V5, "MQTT-3.1.3-7", "MQTT-3.2.2-16")]
    public async Task A_client_without_id_is_told_a_new_one_which_is_its_own_from_then_on()
    {
        await RequireAssignedIdsAsync(V5);
        await using var one = await Broker.ConnectAsync(V5, clientId: "", sessionExpiry: 60);
        await using var other = await Broker.ConnectAsync(V5, clientId: "", sessionExpiry: 60);
        one.ConnAck.AssignedClientIdentifier.Should().NotBeNullOrEmpty();
        other.ConnAck.AssignedClientIdentifier.Should().NotBeNullOrEmpty().And.NotBe(one.ConnAck.AssignedClientIdentifier);

        await using var taker = await Broker.ConnectPersistentAsync(V5, one.ConnAck.AssignedClientIdentifier!);

        await one.ExpectEndAsync();
        taker.ConnAck.SessionPresent.Should().BeTrue();
        await other.ExpectNothingAsync();
    }

    /// <summary>A broker may want all clients to bring their ids.</summary>
    private async Task RequireAssignedIdsAsync(ProtocolVersion version)
    {
        await using var client = await RawClient.OpenAsync(Broker, version);
        Require(await client.IsAcceptedAsync(""), "a broker that gives ids to clients without one");
    }
}
