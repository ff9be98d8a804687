using Broker.Actors.Connections;
using Broker.Actors.Hosting;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Connections;

/// <summary>Clients are sent elsewhere (section 4.11).</summary>
public sealed class RedirectSpecs
{
    private const string Elsewhere = "broker2.example.com:8883";

    [Theory]
    [InlineData(RedirectConnects.UseAnotherServer, ReasonCode.UseAnotherServer)]
    [InlineData(RedirectConnects.ServerMoved, ReasonCode.ServerMoved)]
    public void CONNECT_is_answered_with_the_reason_and_where_to_go(RedirectConnects connects, ReasonCode reasonCode)
    {
        var broker = new TestBroker(redirect: new RedirectOptions { ServerReference = Elsewhere, Connects = connects });
        var (newer, older) = (broker.Open(), broker.Open());

        newer.Send(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "c" });
        older.Send(new ConnectPacket { Version = ProtocolVersion.V311, ClientId = "d" });
        broker.Run();

        var answer = newer.Next<ConnAckPacket>();
        (answer.ReasonCode, answer.ServerReference).Should().Be((reasonCode, Elsewhere));
        older.Next<ConnAckPacket>().ReasonCode.Should().Be(ReasonCode.ServerUnavailable, "MQTT 3 has no other word for it");
        (newer.IsClosed, older.IsClosed).Should().Be((true, true));
        broker.Sessions.Messages.Should().BeEmpty();
    }

    [Theory]
    [InlineData(Elsewhere, Elsewhere)]
    [InlineData("", null)]
    public void A_client_that_is_moved_is_told_where_to_go(string reference, string? told)
    {
        var broker = new TestBroker(redirect: new RedirectOptions { ServerReference = reference });
        var client = broker.Connect("c");

        broker.Answer(client, new ConnectionProtocol.Disconnect(ReasonCode.UseAnotherServer, "this node goes away"));

        var farewell = client.Next<DisconnectPacket>();
        (farewell.ReasonCode, farewell.ServerReference).Should().Be((ReasonCode.UseAnotherServer, told));
    }

    [Fact]
    public void One_that_is_disconnected_for_another_reason_is_not()
    {
        var broker = new TestBroker(redirect: new RedirectOptions { ServerReference = Elsewhere });
        var client = broker.Connect("c");

        broker.Answer(client, new ConnectionProtocol.Disconnect(ReasonCode.ServerShuttingDown, "the server is shutting down"));

        client.Next<DisconnectPacket>().ServerReference.Should().BeNull();
    }

    [Theory]
    [InlineData(60, Elsewhere)]
    [InlineData(20, null)]
    public void What_a_small_packet_has_no_room_for_is_the_reason_string_first_and_then_the_reference(uint maximumPacketSize, string? told)
    {
        var broker = new TestBroker(redirect: new RedirectOptions { ServerReference = Elsewhere, Connects = RedirectConnects.ServerMoved });
        var client = broker.Open();

        client.Send(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "c", MaximumPacketSize = maximumPacketSize });
        broker.Run();

        var answer = client.Next<ConnAckPacket>();
        (answer.ReasonCode, answer.ReasonString, answer.ServerReference).Should().Be((ReasonCode.ServerMoved, null, told));
    }

    [Fact]
    public void A_node_that_is_full_still_says_where_to_go()
    {
        var broker = new TestBroker(
            new LimitsOptions { MaxConnections = 1 },
            redirect: new RedirectOptions { ServerReference = Elsewhere, Connects = RedirectConnects.UseAnotherServer });
        var (first, second) = (broker.Open(), broker.Open());

        second.Send(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "c" });
        broker.Run();

        second.Next<ConnAckPacket>().ReasonCode.Should().Be(ReasonCode.UseAnotherServer);
        first.IsClosed.Should().BeFalse();
    }
}
